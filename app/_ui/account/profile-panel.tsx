'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { callApi } from '../api/call-api.ts';
import { textOf, useSubmit } from '../api/use-submit.ts';
import { Button } from '../controls/button.tsx';
import { Field, Input } from '../controls/field.tsx';
import { Notice } from '../controls/notice.tsx';
import { Panel } from '../controls/panel.tsx';
import { PasswordInput } from '../controls/password-input.tsx';

interface ProfilePanelProps {
  name: string;
  email: string;
  role: string;
}

export function ProfilePanel({ name, email, role }: ProfilePanelProps) {
  const router = useRouter();
  const [typed, setTyped] = useState(email);
  const isOther = typed.trim().toLowerCase() !== email;
  const { pending, onSubmit, errors, message } = useSubmit(['name', 'email', 'currentPassword'], async (form) => {
    await callApi('PATCH', '/api/v1/account', {
      name: textOf(form, 'name'),
      ...(isOther && { email: typed.trim(), currentPassword: textOf(form, 'currentPassword') }),
    });
    toast.success('Saved');
    setTyped((before) => before.trim().toLowerCase());
    router.refresh();
  });
  return (
    <Panel title="You">
      <form onSubmit={onSubmit} className="space-y-4 px-4 py-4">
        {message !== undefined && <Notice tone="bad" title={message} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" error={errors.name}>
            {(control) => (
              <Input {...control} name="name" required maxLength={200} defaultValue={name} autoComplete="name" />
            )}
          </Field>
          <Field label="E-mail" hint={`To sign in with. Your role is ${role}.`} error={errors.email}>
            {(control) => (
              <Input
                {...control}
                name="email"
                type="email"
                required
                maxLength={254}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="email"
              />
            )}
          </Field>
          {isOther && (
            <Field
              label="Password"
              hint="For another e-mail address."
              error={errors.currentPassword}
              className="sm:col-start-2"
            >
              {(control) => (
                <PasswordInput {...control} name="currentPassword" required autoComplete="current-password" />
              )}
            </Field>
          )}
        </div>
        <Button type="submit" pending={pending}>
          Save
        </Button>
      </form>
    </Panel>
  );
}
