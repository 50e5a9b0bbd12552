'use client';

import type { SignInAnswer } from '../../_control/users-api.ts';
import { callApi } from '../api/call-api.ts';
import { textOf, useSubmit } from '../api/use-submit.ts';
import { Button } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { NewPasswordField } from './new-password-field.tsx';

/** For an invitation, or a way back in. */
export function ChoosePasswordForm({ token, email }: { token: string; email: string }) {
  const { pending, onSubmit, errors, message } = useSubmit(['password'], async (form) => {
    const password = textOf(form, 'password');
    const answer = await callApi<SignInAnswer>('POST', '/api/sign-in', { token, password });
    window.location.replace(answer.next);
  });
  return (
    <form onSubmit={onSubmit} className="space-y-4 text-ink">
      {message !== undefined && <Notice tone="bad" title={message} />}
      {/* For password stores, which file a password by its account. */}
      <input type="text" name="email" value={email} autoComplete="username" readOnly hidden />
      <NewPasswordField name="password" label="Password" error={errors.password} />
      <Button type="submit" look="primary" pending={pending} className="w-full">
        Set password and sign in
      </Button>
    </form>
  );
}
