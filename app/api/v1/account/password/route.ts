import { changePassword } from '../../../../_control/account.ts';
import { sessionCookie } from '../../../../_control/http/cookies.ts';
import { handle } from '../../../../_control/http/handle.ts';
import { browserOf } from '../../../../_control/sessions.ts';
import { changePasswordRequestSchema } from '../../../../_control/users-api.ts';

export const POST = handle({
  access: 'known',
  body: changePasswordRequestSchema,
  async run({ control, request, caller, body }) {
    const session = await changePassword(control, caller, body, browserOf(request));
    return new Response(null, { status: 204, headers: { 'set-cookie': sessionCookie(control.environment, session) } });
  },
  note: () => ({ action: 'account.password-changed' }),
});
