'use client';

import { LogIn } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../controls/button.tsx';

/**
 * The one-time link is used by a POST: whatever only looks at the address (a mail scanner, a chat's preview) does not
 * use it up. A browser with script sends it by itself; the button is for one without.
 */
export function SignInForm({ token }: { token: string }) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.requestSubmit(), []);
  return (
    <form ref={form} action="/api/sign-in" method="post">
      <input type="hidden" name="token" value={token} />
      <Button type="submit" look="primary" icon={<LogIn aria-hidden />}>
        Sign in
      </Button>
    </form>
  );
}
