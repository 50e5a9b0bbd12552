import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { requireRole } from '../_control/pages.ts';
import { needsSetUp } from '../_control/user-pages.ts';
import { BarePage } from '../_ui/shell/bare-page.tsx';
import { SetUpForm } from '../_ui/sign-in/set-up-form.tsx';

export const metadata: Metadata = { title: 'Set up' };

export default async function SetUpPage() {
  const user = await requireRole('admin');
  if (user.id !== null || !(await needsSetUp())) redirect('/');
  return (
    <BarePage title="Create your account">
      <p>
        You are the first admin: you can invite others from the settings. If you forget the password, the link that the
        terminal shows at every start lets you in.
      </p>
      <SetUpForm />
    </BarePage>
  );
}
