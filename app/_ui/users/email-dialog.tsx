'use client';

import type { User } from '../../_control/users-api.ts';
import { callApi } from '../api/call-api.ts';
import { textOf, useSubmit } from '../api/use-submit.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { Field, Input } from '../controls/field.tsx';
import { Notice } from '../controls/notice.tsx';
import { shortText } from '../text/visible-text.ts';

interface EmailDialogProps {
  user: User;
  open: boolean;
  onOpenChange(open: boolean): void;
  onChanged(user: User): void;
}

export function EmailDialog({ user, open, onOpenChange, onChanged }: EmailDialogProps) {
  const { pending, onSubmit, errors, message } = useSubmit(['email'], async (form) => {
    onChanged(await callApi<User>('PATCH', `/api/v1/users/${user.id}`, { email: textOf(form, 'email').trim() }));
    onOpenChange(false);
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`E-mail of ${shortText(user.name, 60)}`}
      description="They sign in with it from now on, with the password they have, and stay signed in where they are."
    >
      <form onSubmit={onSubmit} className="space-y-4">
        {message !== undefined && <Notice tone="bad" title={message} />}
        <Field label="E-mail" error={errors.email}>
          {(control) => (
            <Input
              {...control}
              name="email"
              type="email"
              required
              maxLength={254}
              defaultValue={user.email}
              autoComplete="off"
            />
          )}
        </Field>
        <div className="flex justify-end">
          <Button type="submit" look="primary" pending={pending}>
            Change e-mail
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
