import { signInRequestSchema } from '../../_control/api.ts';
import { assertSameOrigin } from '../../_control/http/authorise.ts';
import { sessionCookie } from '../../_control/http/cookies.ts';
import { handle } from '../../_control/http/handle.ts';
import { parseWith } from '../../_control/http/parse-with.ts';
import { readBody, readJson } from '../../_control/http/read-json.ts';
import { ProblemError } from '../../_control/problem-error.ts';
import { signIn } from '../../_control/sessions.ts';

/**
 * A one-time link's token → a session. JSON `{token}` is answered 204; a form with the field `token` 303 to the first
 * page, or back to /sign-in when the link is no good any more. The token is the access rule.
 */
export const POST = handle({
  access: 'anyone',
  async run({ control, request }) {
    // Otherwise another site could sign somebody in as its own visitor.
    assertSameOrigin(control, request);
    const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true;
    const given = isForm
      ? Object.fromEntries(new URLSearchParams(new TextDecoder().decode(await readBody(request, MAX_BYTES))))
      : await readJson(request, MAX_BYTES);
    const { token } = parseWith(signInRequestSchema, given);
    try {
      const cookie = sessionCookie(control.environment, await signIn(control, token));
      const headers = { 'set-cookie': cookie, 'cache-control': 'no-store' };
      return isForm
        ? new Response(null, { status: 303, headers: { ...headers, location: '/' } })
        : new Response(null, { status: 204, headers });
    } catch (error) {
      if (isForm && error instanceof ProblemError) {
        return new Response(null, { status: 303, headers: { location: '/sign-in?failed=1' } });
      }
      throw error;
    }
  },
});

const MAX_BYTES = 4096;
