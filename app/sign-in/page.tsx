import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { currentUser } from '../_control/pages.ts';
import { BarePage } from '../_ui/shell/bare-page.tsx';
import { SignInForm } from '../_ui/shell/sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

interface SignInPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { token, failed } = await searchParams;
  if (typeof token === 'string' && token !== '' && failed === undefined) {
    return (
      <BarePage title="Participant Recorder">
        <p>Signing you in with the link from the terminal…</p>
        <SignInForm token={token} />
      </BarePage>
    );
  }
  if (failed === undefined && (await currentUser())) redirect('/');
  return (
    <BarePage title={failed === undefined ? 'Sign in' : 'This link does not work any more'}>
      {failed !== undefined && <p>A sign-in link works once, and for a limited time.</p>}
      <p>
        {failed === undefined ? 'Open the sign-in link' : 'Open a new one'}: it is printed in the terminal each time the
        server starts.
      </p>
      <pre className="overflow-x-auto rounded-lg border border-line bg-sunken px-3 py-2.5 font-mono text-xs text-ink">
        npm start
      </pre>
    </BarePage>
  );
}
