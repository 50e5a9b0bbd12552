'use client';

import { useState } from 'react';
import { toast } from 'sonner';
import { callApi } from '../api/call-api.ts';
import { textOf, useSubmit } from '../api/use-submit.ts';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import { Notice } from '../controls/notice.tsx';
import { Panel } from '../controls/panel.tsx';
import { PasswordInput } from '../controls/password-input.tsx';
import { NewPasswordField } from '../sign-in/new-password-field.tsx';

export function PasswordPanel({ email, onChanged }: { email: string; onChanged(): void }) {
  const [changes, setChanges] = useState(0);
  const { pending, onSubmit, errors, message } = useSubmit(['currentPassword', 'newPassword'], async (form) => {
    await callApi('POST', '/api/v1/account/password', {
      currentPassword: textOf(form, 'currentPassword'),
      newPassword: textOf(form, 'newPassword'),
    });
    toast.success('Password changed; every other browser is signed out');
    setChanges(changes + 1);
    onChanged();
  });
  return (
    <Panel title="Password">
      <form key={changes} onSubmit={onSubmit} className="space-y-4 px-4 py-4">
        {message !== undefined && <Notice tone="bad" title={message} />}
        {/* For password stores, which file a password by its account. */}
        <input type="text" name="email" value={email} autoComplete="username" readOnly hidden />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Current password" error={errors.currentPassword}>
            {(control) => (
              <PasswordInput {...control} name="currentPassword" required autoComplete="current-password" />
            )}
          </Field>
          <NewPasswordField name="newPassword" label="New password" error={errors.newPassword} />
        </div>
        <Button type="submit" pending={pending}>
          Change password
        </Button>
      </form>
    </Panel>
  );
}
