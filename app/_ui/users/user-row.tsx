'use client';

import clsx from 'clsx';
import { AtSign, Ban, Ellipsis, KeyRound, Trash2, UserCheck } from 'lucide-react';
import { useId, useState } from 'react';
import { toast } from 'sonner';
import type { Invitation, User } from '../../_control/users-api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { Select } from '../controls/field.tsx';
import { Popover, PopoverItem } from '../controls/popover.tsx';
import { AnyText } from '../text/any-text.tsx';
import { LocalTime } from '../text/local-time.tsx';
import { EmailDialog } from './email-dialog.tsx';
import { roleLabel, roleNames } from './role-names.ts';

interface UserRowProps {
  user: User;
  /** Who looks at the page: nobody locks themselves out by accident. */
  isSelf: boolean;
  onChanged(user: User): void;
  onRemoved(): void;
  onLink(invitation: Invitation): void;
}

export function UserRow({ user, isSelf, onChanged, onRemoved, onLink }: UserRowProps) {
  const nameId = useId();
  const [asking, setAsking] = useState(false);
  const [readdressing, setReaddressing] = useState({ open: false, count: 0 });
  const path = `/api/v1/users/${user.id}`;

  const change = useAction(async (wanted: { role?: string; disabled?: boolean }) => {
    const changed = await callApi<User>('PATCH', path, wanted);
    onChanged(changed);
    if (wanted.role !== undefined) toast.success(`The role is ${roleLabel(changed.role)} now, after signing in again.`);
  });
  const renew = useAction(async () => onLink(await callApi<Invitation>('POST', `${path}/invitation`)));
  const remove = useAction(async () => {
    await callApi('DELETE', path);
    onRemoved();
  });
  const disabled = user.status === 'disabled';

  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className={clsx('min-w-0 flex-1 basis-52', disabled && 'text-ink-muted')}>
        <p className="flex min-w-0 items-baseline gap-2">
          <AnyText id={nameId} text={user.name} className="font-medium" />
          {isSelf && <span className="text-xs text-ink-faint">you</span>}
          {disabled && <span className="text-xs text-live-ink">disabled</span>}
          {user.status === 'invited' && <span className="text-xs text-warn-ink">invited</span>}
        </p>
        <AnyText text={user.email} className="text-xs text-ink-muted" />
        <p className="text-xs text-ink-faint">
          {user.signedInAt === null ? (
            'Never signed in'
          ) : (
            <>
              Signed in <LocalTime at={user.signedInAt} />
            </>
          )}
        </p>
      </div>
      <div className="flex items-center gap-1">
        <Select
          aria-label="Role"
          aria-describedby={nameId}
          value={user.role}
          disabled={isSelf || change.pending}
          onChange={(event) => change.run({ role: event.target.value })}
          className="w-32!"
        >
          {roleNames.map(({ role, label }) => (
            <option key={role} value={role}>
              {label}
            </option>
          ))}
        </Select>
        <Popover
          label="Actions"
          trigger={{
            look: 'quiet',
            size: 'icon',
            'aria-label': 'Actions',
            'aria-describedby': nameId,
            disabled: isSelf,
            pending: renew.pending,
            icon: <Ellipsis aria-hidden />,
          }}
        >
          {(close) => {
            const then = (action: () => void) => () => {
              close();
              action();
            };
            return (
              <>
                {!disabled && (
                  <PopoverItem icon={<KeyRound aria-hidden />} onClick={then(() => renew.run())}>
                    New sign-in link
                  </PopoverItem>
                )}
                <PopoverItem
                  icon={<AtSign aria-hidden />}
                  onClick={then(() => setReaddressing(({ count }) => ({ open: true, count: count + 1 })))}
                >
                  Change e-mail
                </PopoverItem>
                <PopoverItem
                  icon={disabled ? <UserCheck aria-hidden /> : <Ban aria-hidden />}
                  onClick={then(() => change.run({ disabled: !disabled }))}
                >
                  {disabled ? 'Enable' : 'Disable and sign out'}
                </PopoverItem>
                <PopoverItem icon={<Trash2 aria-hidden />} onClick={then(() => setAsking(true))}>
                  Remove
                </PopoverItem>
              </>
            );
          }}
        </Popover>
      </div>
      <EmailDialog
        key={readdressing.count}
        user={user}
        open={readdressing.open}
        onOpenChange={(open) => setReaddressing((before) => ({ ...before, open }))}
        onChanged={onChanged}
      />
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Remove this user?"
        action="Remove"
        pending={remove.pending}
        onConfirm={() => remove.run()}
      >
        They are signed out and cannot sign in any more. What they recorded, shared and created stays.
      </ConfirmDialog>
    </li>
  );
}
