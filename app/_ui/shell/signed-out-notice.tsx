'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { signInPath } from '../../_control/return-path.ts';
import { ButtonAnchor } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { useIsSignedOut } from '../live/use-live.ts';

/** Above a page whose session ended while it was open; what was typed into it stays. */
export function SignedOutNotice() {
  const isSignedOut = useIsSignedOut();
  const pathname = usePathname();
  const query = useSearchParams().toString();
  if (!isSignedOut) return null;
  return (
    <div className="sticky top-14 z-10 mb-4 rounded-xl bg-canvas md:top-4">
      <Notice
        tone="warn"
        title="You were signed out"
        action={
          <ButtonAnchor size="small" href={signInPath(query === '' ? pathname : `${pathname}?${query}`)}>
            Sign in again
          </ButtonAnchor>
        }
      >
        This page shows what it last knew. Signing in leads back to it.
      </Notice>
    </div>
  );
}
