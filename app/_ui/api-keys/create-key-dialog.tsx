'use client';

import type { CreatedApiKey } from '../../_control/users-api.ts';
import { callApi } from '../api/call-api.ts';
import { textOf, useSubmit } from '../api/use-submit.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { Field, Input, Select } from '../controls/field.tsx';
import { Notice } from '../controls/notice.tsx';
import { ScopesField } from './scopes-field.tsx';

interface CreateKeyDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  onCreated(key: CreatedApiKey): void;
}

const dayMs = 86_400_000;
const lifetimes = [
  { value: String(30 * dayMs), label: '30 days' },
  { value: String(90 * dayMs), label: '90 days' },
  { value: String(365 * dayMs), label: '1 year' },
  { value: 'never', label: 'Does not expire' },
] as const;

export function CreateKeyDialog({ open, onOpenChange, onCreated }: CreateKeyDialogProps) {
  const { pending, onSubmit, errors, message } = useSubmit(['name', 'scopes', 'expiresIn'], async (form) => {
    const lifetime = textOf(form, 'lifetime');
    const key = await callApi<CreatedApiKey>('POST', '/api/v1/api-keys', {
      name: textOf(form, 'name'),
      scopes: form.getAll('scopes'),
      expiresIn: lifetime === 'never' ? null : Number(lifetime),
    });
    onCreated(key);
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New API key"
      description="For a program that uses the API. Give it no more than it needs."
    >
      <form onSubmit={onSubmit} className="space-y-4">
        {message !== undefined && <Notice tone="bad" title={message} />}
        <Field label="Name" error={errors.name}>
          {(control) => (
            <Input {...control} name="name" required maxLength={200} autoComplete="off" placeholder="What is it for?" />
          )}
        </Field>
        <Field label="Expires after" error={errors.expiresIn}>
          {(control) => (
            <Select {...control} name="lifetime" defaultValue={lifetimes[1].value}>
              {lifetimes.map((lifetime) => (
                <option key={lifetime.value} value={lifetime.value}>
                  {lifetime.label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <ScopesField error={errors.scopes} />
        <div className="flex justify-end">
          <Button type="submit" look="primary" pending={pending}>
            Create key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
