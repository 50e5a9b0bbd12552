'use client';

import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { Invitation, User } from '../../_control/users-api.ts';
import { Button, ButtonLink } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { Panel } from '../controls/panel.tsx';
import { InvitationDialog } from './invitation-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { roleNames } from './role-names.ts';
import { UserRow } from './user-row.tsx';

interface UsersProps {
  users: readonly User[];
  /** Null for whoever came by the link of the terminal. */
  ownId: string | null;
  needsSetUp: boolean;
}

export function Users({ users: rendered, ownId, needsSetUp }: UsersProps) {
  const [users, setUsers] = useState(rendered);
  const [inviting, setInviting] = useState({ open: false, count: 0 });
  const [invitation, setInvitation] = useState<Invitation>();
  const [linkShown, setLinkShown] = useState(false);

  const showLink = (made: Invitation) => {
    setInvitation(made);
    setLinkShown(true);
  };
  const invited = (made: Invitation) => {
    setUsers((before) => [...before, made.user]);
    setInviting(({ count }) => ({ open: false, count }));
    showLink(made);
  };
  const invite = (
    <Button
      look="primary"
      size="small"
      icon={<UserPlus aria-hidden />}
      onClick={() => setInviting(({ count }) => ({ open: true, count: count + 1 }))}
    >
      Invite
    </Button>
  );

  if (needsSetUp && users.length === 0) {
    return (
      <EmptyState
        icon={<UserPlus aria-hidden />}
        title="Nobody has an account yet"
        actions={
          <ButtonLink look="primary" href="/set-up">
            Create your account
          </ButtonLink>
        }
      >
        You came in by the link of the terminal. With an account you sign in from anywhere, and invite others.
      </EmptyState>
    );
  }
  return (
    <>
      <Panel title="Users" aside={invite}>
        <ul className="divide-y divide-line">
          {users.map((user) => (
            <UserRow
              key={user.id}
              user={user}
              isSelf={user.id === ownId}
              onChanged={(changed) =>
                setUsers((before) => before.map((other) => (other.id === changed.id ? changed : other)))
              }
              onRemoved={() => setUsers((before) => before.filter((other) => other.id !== user.id))}
              onLink={showLink}
            />
          ))}
        </ul>
      </Panel>
      <Panel title="What each role may">
        <dl className="grid gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[6rem_minmax(0,1fr)]">
          {roleNames.map(({ role, label, may }) => (
            <div key={role} className="contents">
              <dt className="font-medium">{label}</dt>
              <dd className="text-ink-muted first-letter:uppercase max-sm:-mt-1.5">{may}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <InviteDialog
        key={inviting.count}
        open={inviting.open}
        onOpenChange={(open) => setInviting((before) => ({ ...before, open }))}
        onInvited={invited}
      />
      {invitation && <InvitationDialog invitation={invitation} open={linkShown} onOpenChange={setLinkShown} />}
    </>
  );
}
