import { readCookie, sessionCookie, sessionCookieName } from '../../_control/http/cookies.ts';
import { handle } from '../../_control/http/handle.ts';
import { signOut } from '../../_control/sessions.ts';

export const POST = handle({
  access: 'known',
  async run({ control, request }) {
    const session = readCookie(request, sessionCookieName(control.environment));
    if (session) await signOut(control, session);
    return new Response(null, { status: 204, headers: { 'set-cookie': sessionCookie(control.environment, '') } });
  },
});
