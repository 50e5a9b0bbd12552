import { z } from 'zod';
import { assertSameOrigin } from '../../../_control/http/authorise.ts';
import { clientAddress } from '../../../_control/http/client-address.ts';
import { viewerCookie } from '../../../_control/http/cookies.ts';
import { handle } from '../../../_control/http/handle.ts';
import { parseWith } from '../../../_control/http/parse-with.ts';
import { readBody, readJson } from '../../../_control/http/read-json.ts';
import { shareParamsSchema } from '../../../_control/http/share-request.ts';
import { notFound, ProblemError } from '../../../_control/problem-error.ts';
import { openShare } from '../../../_control/view-share.ts';

const MAX_BYTES = 4096;

const requestSchema = z.strictObject({ password: z.string().max(1000).optional() });

/**
 * Begins to watch: with the password, if the share has one. JSON `{password?}` is answered with `{pass}`, for a frame in
 * another site's page, and a cookie for this share; a form with the field `password` goes back to the page, where it says
 * what was wrong. The token is the access rule.
 */
export const POST = handle({
  access: 'anyone',
  params: shareParamsSchema,
  what: 'share',
  async run({ control, request, params: { token } }) {
    assertSameOrigin(control, request);
    const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true;
    const given = isForm
      ? Object.fromEntries(new URLSearchParams(new TextDecoder().decode(await readBody(request, MAX_BYTES))))
      : await readJson(request, MAX_BYTES, {});
    const { password } = parseWith(requestSchema, given);
    try {
      const pass = await openShare(control, token, { password, address: clientAddress(request) });
      if (pass === undefined) throw notFound('share');
      const headers = { 'set-cookie': viewerCookie(control.environment, token, pass), 'cache-control': 'no-store' };
      return isForm ? back(token, headers) : Response.json({ pass }, { status: 201, headers });
    } catch (error) {
      if (isForm && error instanceof ProblemError && error.status !== 404)
        return back(`${token}?refused=${error.code}`);
      throw error;
    }
  },
});

/** Only a share that exists gets here: the token is one that was made here, and safe in a header. */
function back(place: string, headers: Record<string, string> = {}): Response {
  return new Response(null, { status: 303, headers: { ...headers, location: `/s/${place}` } });
}
