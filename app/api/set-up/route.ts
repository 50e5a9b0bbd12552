import { readCookie, sessionCookie, sessionCookieName } from '../../_control/http/cookies.ts';
import { handle } from '../../_control/http/handle.ts';
import { ProblemError } from '../../_control/problem-error.ts';
import { browserOf } from '../../_control/sessions.ts';
import { setUp } from '../../_control/users.ts';
import { setUpRequestSchema } from '../../_control/users-api.ts';

/** The first admin: for whoever came by the link of the terminal, who is that admin from then on. */
export const POST = handle({
  access: 'access:write',
  body: setUpRequestSchema,
  async run({ control, request, caller, body }) {
    const secret = readCookie(request, sessionCookieName(control.environment));
    if (caller.kind !== 'session' || caller.userId !== null || secret === undefined) {
      throw new ProblemError('forbidden', 'Only whoever came by the link of the terminal sets up the first admin.');
    }
    const session = await setUp(control, body, { secret, browser: browserOf(request) });
    return new Response(null, { status: 204, headers: { 'set-cookie': sessionCookie(control.environment, session) } });
  },
  note: () => ({ action: 'user.set-up' }),
});
