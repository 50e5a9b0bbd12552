import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { currentUser } from '../_control/pages.ts';
import { returnPath } from '../_control/return-path.ts';
import { needsSetUp, readSignInLink } from '../_control/user-pages.ts';
import { BarePage } from '../_ui/shell/bare-page.tsx';
import { ChoosePasswordForm } from '../_ui/sign-in/choose-password-form.tsx';
import { LinkSignIn } from '../_ui/sign-in/link-sign-in.tsx';
import { SignInForm } from '../_ui/sign-in/sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in', referrer: 'no-referrer' };

interface SignInPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { token, next } = await searchParams;
  const returnTo = returnPath(next);
  if (typeof token !== 'string' || token === '') {
    if (await currentUser()) redirect(returnTo);
    return (
      <BarePage title="Sign in">
        <WaysIn returnTo={returnTo} />
      </BarePage>
    );
  }
  const link = await readSignInLink(token);
  if (link.kind === 'terminal') {
    return (
      <BarePage title="Participant Recorder">
        <LinkSignIn token={token} />
      </BarePage>
    );
  }
  if (link.kind === 'invitation') {
    return (
      <BarePage title={`Welcome, ${link.name}`}>
        <p className="any-text">Choose a password. You sign in with it and {link.email} from now on.</p>
        <ChoosePasswordForm token={token} email={link.email} />
      </BarePage>
    );
  }
  return (
    <BarePage title="This link does not work any more">
      <p>It works once, and for a limited time.</p>
      <WaysIn returnTo={returnTo} />
    </BarePage>
  );
}

async function WaysIn({ returnTo }: { returnTo: string }) {
  if (await needsSetUp()) {
    return (
      <>
        <p>Open the link that the terminal prints each time the server starts.</p>
        <pre className="overflow-x-auto rounded-lg border border-line bg-sunken px-3 py-2.5 font-mono text-xs text-ink">
          npm start
        </pre>
      </>
    );
  }
  return (
    <>
      <SignInForm returnTo={returnTo} />
      <p className="text-xs">
        No password, or lost it? An admin can make you a new link. On the machine itself, the terminal shows one at
        every start.
      </p>
    </>
  );
}
