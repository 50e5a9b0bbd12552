'use client';

import { useRouter } from 'next/navigation';
import type { CurrentUser } from '../../_control/sessions.ts';
import type { SessionInfo } from '../../_control/users-api.ts';
import { ButtonLink } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { ProfilePanel } from './profile-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

interface AccountProps {
  user: CurrentUser;
  sessions: readonly SessionInfo[];
  needsSetUp: boolean;
}

export function Account({ user, sessions, needsSetUp }: AccountProps) {
  const router = useRouter();
  return (
    <>
      {user.email === null ? (
        <Notice
          tone="info"
          title="You came in by the link of the terminal"
          action={needsSetUp && <ButtonLink href="/set-up">Create your account</ButtonLink>}
        >
          {needsSetUp ? 'With an account you sign in from anywhere.' : 'You may everything, and have no password.'}
        </Notice>
      ) : (
        <>
          <ProfilePanel name={user.name} email={user.email} role={user.role} />
          <PasswordPanel email={user.email} onChanged={() => router.refresh()} />
        </>
      )}
      <SessionsPanel key={sessions.map((session) => session.id).join()} sessions={sessions} />
    </>
  );
}
