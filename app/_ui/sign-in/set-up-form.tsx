'use client';

import { callApi } from '../api/call-api.ts';
import { textOf, useSubmit } from '../api/use-submit.ts';
import { Button, ButtonLink } from '../controls/button.tsx';
import { Field, Input } from '../controls/field.tsx';
import { Notice } from '../controls/notice.tsx';
import { NewPasswordField } from './new-password-field.tsx';

export function SetUpForm() {
  const { pending, onSubmit, errors, message } = useSubmit(['name', 'email', 'password'], async (form) => {
    await callApi('POST', '/api/set-up', {
      name: textOf(form, 'name'),
      email: textOf(form, 'email'),
      password: textOf(form, 'password'),
    });
    window.location.replace('/');
  });
  return (
    <form onSubmit={onSubmit} className="space-y-4 text-ink">
      {message !== undefined && <Notice tone="bad" title={message} />}
      <Field label="Name" error={errors.name}>
        {(control) => <Input {...control} name="name" required maxLength={200} autoComplete="name" />}
      </Field>
      <Field label="E-mail" hint="To sign in with; nothing is sent to it." error={errors.email}>
        {(control) => <Input {...control} name="email" type="email" required autoComplete="username" />}
      </Field>
      <NewPasswordField name="password" label="Password" error={errors.password} />
      <div className="flex flex-col gap-2">
        <Button type="submit" look="primary" pending={pending}>
          Create account
        </Button>
        <ButtonLink look="quiet" href="/">
          Not now
        </ButtonLink>
      </div>
    </form>
  );
}
