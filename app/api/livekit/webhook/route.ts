import { handle } from '../../../_control/http/handle.ts';
import { assertContentType, readBody } from '../../../_control/http/read-json.ts';
import { receiveWebhook, WEBHOOK_MAX_BYTES } from '../../../_control/receive-webhook.ts';

const CONTENT_TYPE = 'application/webhook+json';

/** LiveKit's own signature is the access rule. */
export const POST = handle({
  access: 'anyone',
  async run({ control, request }) {
    assertContentType(request, CONTENT_TYPE);
    const body = await readBody(request, WEBHOOK_MAX_BYTES);
    await receiveWebhook(control, body, request.headers.get('authorization'));
    return new Response(null, { status: 200 });
  },
});
