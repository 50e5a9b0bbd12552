'use client';

import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { callApi } from '../api/call-api.ts';
import { textOf, useSubmit } from '../api/use-submit.ts';
import { Button } from '../controls/button.tsx';
import { Field, Input } from '../controls/field.tsx';
import { Notice } from '../controls/notice.tsx';
import { Panel } from '../controls/panel.tsx';

interface ProfilePanelProps {
  name: string;
  email: string;
  role: string;
}

export function ProfilePanel({ name, email, role }: ProfilePanelProps) {
  const router = useRouter();
  const { pending, onSubmit, errors, message } = useSubmit(['name'], async (form) => {
    await callApi('PATCH', '/api/v1/account', { name: textOf(form, 'name') });
    toast.success('Name changed');
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
          <Field label="E-mail" hint={`Your role is ${role}.`}>
            {(control) => <Input {...control} readOnly value={email} className="bg-sunken" />}
          </Field>
        </div>
        <Button type="submit" pending={pending}>
          Save
        </Button>
      </form>
    </Panel>
  );
}
