import { z } from 'zod';
import { idSchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { replaceSecret } from '../../../../../_control/webhooks/webhooks.ts';

export const POST = handle({
  access: 'settings:write',
  params: z.object({ id: idSchema }),
  what: 'webhook',
  run: ({ control, params }) => replaceSecret(control, params.id),
  note: ({ params }) => ({ action: 'webhook.secret-replaced', subject: params }),
});
