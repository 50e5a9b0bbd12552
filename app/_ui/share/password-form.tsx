'use client';

import { Play } from 'lucide-react';
import { type FormEvent, useState, useTransition } from 'react';
import { Button } from '../controls/button.tsx';
import { Field, Input } from '../controls/field.tsx';
import { openView } from './open-view.ts';

interface PasswordFormProps {
  token: string;
  /** What the server said of the last try, where there is no script. */
  refused: string | undefined;
  /** With the pass, for where there are no cookies. */
  onOpened(pass: string): void;
}

/** Asks for a share's password. Without script it is a form, and the page that comes back says what was wrong. */
export function PasswordForm({ token, refused, onOpened }: PasswordFormProps) {
  const [error, setError] = useState(refused);
  const [pending, startTransition] = useTransition();

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const password = String(new FormData(form).get('password'));
    startTransition(async () => {
      const answer = await openView(token, password);
      if ('pass' in answer) return onOpened(answer.pass);
      setError(answer.refused);
      form.querySelector('input')?.select();
    });
  };

  return (
    <form method="post" action={`/s/${encodeURIComponent(token)}/views`} onSubmit={submit} className="space-y-3">
      <Field label="Password" error={error}>
        {(control) => (
          <Input {...control} name="password" type="password" autoComplete="off" autoFocus required maxLength={200} />
        )}
      </Field>
      <Button type="submit" look="primary" icon={<Play aria-hidden />} pending={pending} className="w-full">
        Watch
      </Button>
    </form>
  );
}
