'use client';

import { useEffect, useRef, useState } from 'react';
import type { SignInAnswer } from '../../_control/users-api.ts';
import { callApi, messageOf } from '../api/call-api.ts';
import { Notice } from '../controls/notice.tsx';

/**
 * The one-time link is used by a POST: whatever only looks at the address (a mail scanner, a chat's preview) does not
 * use it up.
 */
export function LinkSignIn({ token }: { token: string }) {
  const [message, setMessage] = useState<string>();
  const sent = useRef(false);
  useEffect(() => {
    if (sent.current) return;
    sent.current = true;
    callApi<SignInAnswer>('POST', '/api/sign-in', { token }).then(
      // The token does not stay in the browser's history.
      ({ next }) => window.location.replace(next),
      (error: unknown) => setMessage(messageOf(error)),
    );
  }, [token]);
  if (message !== undefined) return <Notice tone="bad" title={message} />;
  return <p role="status">Signing you in with the link from the terminal…</p>;
}
