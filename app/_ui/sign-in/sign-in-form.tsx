'use client';

import type { SignInAnswer } from '../../_control/users-api.ts';
import { callApi } from '../api/call-api.ts';
import { textOf, useSubmit } from '../api/use-submit.ts';
import { Button } from '../controls/button.tsx';
import { Field, Input } from '../controls/field.tsx';
import { Notice } from '../controls/notice.tsx';
import { PasswordInput } from '../controls/password-input.tsx';

/** `returnTo`: a page of this product. */
export function SignInForm({ returnTo }: { returnTo: string }) {
  const { pending, onSubmit, message } = useSubmit([], async (form) => {
    const answer = await callApi<SignInAnswer>('POST', '/api/sign-in', {
      email: textOf(form, 'email'),
      password: textOf(form, 'password'),
    });
    window.location.replace(answer.next === '/' ? returnTo : answer.next);
  });
  return (
    <form onSubmit={onSubmit} className="space-y-4 text-ink">
      {message !== undefined && <Notice tone="bad" title={message} />}
      <Field label="E-mail">
        {(control) => <Input {...control} name="email" type="email" required autoComplete="username" />}
      </Field>
      <Field label="Password">
        {(control) => <PasswordInput {...control} name="password" required autoComplete="current-password" />}
      </Field>
      <Button type="submit" look="primary" pending={pending} className="w-full">
        Sign in
      </Button>
    </form>
  );
}
