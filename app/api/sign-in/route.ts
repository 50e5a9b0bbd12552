import { assertSameOrigin } from '../../_control/http/authorise.ts';
import {
  deviceCookie,
  deviceCookieName,
  readCookie,
  sessionCookie,
  sessionCookieName,
} from '../../_control/http/cookies.ts';
import { handle } from '../../_control/http/handle.ts';
import { browserOf } from '../../_control/sessions.ts';
import { signInByLink, signInByPassword } from '../../_control/sign-in.ts';
import { signInRequestSchema } from '../../_control/users-api.ts';

/** A one-time link's token, or e-mail address and password → a session. What is sent is the access rule. */
export const POST = handle({
  access: 'anyone',
  body: signInRequestSchema,
  maxBodyBytes: 4096,
  async run({ control, request, body }) {
    // Otherwise another site could sign somebody in as its own visitor.
    assertSameOrigin(control, request);
    const { environment } = control;
    const visitor = {
      browser: browserOf(request),
      session: readCookie(request, sessionCookieName(environment)),
      device: readCookie(request, deviceCookieName),
    };
    const signedIn =
      'token' in body ? await signInByLink(control, body, visitor) : await signInByPassword(control, body, visitor);
    const response = Response.json({ next: signedIn.next }, { headers: { 'cache-control': 'no-store' } });
    response.headers.append('set-cookie', sessionCookie(environment, signedIn.session));
    if (signedIn.device) response.headers.append('set-cookie', deviceCookie(environment, signedIn.device));
    return response;
  },
});
