'use client';

import type { Invitation } from '../../_control/users-api.ts';
import { callApi } from '../api/call-api.ts';
import { textOf, useSubmit } from '../api/use-submit.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { Field, Input } from '../controls/field.tsx';
import { Notice } from '../controls/notice.tsx';
import { RoleField } from './role-field.tsx';

interface InviteDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  onInvited(invitation: Invitation): void;
}

export function InviteDialog({ open, onOpenChange, onInvited }: InviteDialogProps) {
  const { pending, onSubmit, errors, message } = useSubmit(['name', 'email', 'role'], async (form) => {
    const invitation = await callApi<Invitation>('POST', '/api/v1/users', {
      name: textOf(form, 'name'),
      email: textOf(form, 'email'),
      role: textOf(form, 'role'),
    });
    onInvited(invitation);
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Invite somebody"
      description="You get a link to send to them. With it they choose a password."
    >
      <form onSubmit={onSubmit} className="space-y-4">
        {message !== undefined && <Notice tone="bad" title={message} />}
        <Field label="Name" error={errors.name}>
          {(control) => <Input {...control} name="name" required maxLength={200} autoComplete="off" />}
        </Field>
        <Field label="E-mail" hint="To sign in with; nothing is sent to it." error={errors.email}>
          {(control) => <Input {...control} name="email" type="email" required autoComplete="off" />}
        </Field>
        <RoleField initial="operator" error={errors.role} />
        <div className="flex justify-end">
          <Button type="submit" look="primary" pending={pending}>
            Create link
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
