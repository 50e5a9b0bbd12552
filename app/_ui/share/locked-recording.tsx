'use client';

import { Lock } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { PasswordForm } from './password-form.tsx';
import { SharedPage } from './shared-page.tsx';

/** Before the password: nothing says what it is about. */
export function LockedRecording({ token, refused }: { token: string; refused: string | undefined }) {
  const router = useRouter();
  return (
    <SharedPage>
      <main className="grid flex-1 place-items-center px-4 py-10">
        <div className="w-full max-w-sm rounded-2xl border border-line bg-surface p-6 shadow-sm">
          <div className="mb-4 grid size-11 place-items-center rounded-full border border-line bg-canvas text-ink-muted">
            <Lock aria-hidden className="size-5" />
          </div>
          <h1 className="text-lg font-semibold tracking-tight">This recording is protected</h1>
          <p className="mt-1 mb-5 text-pretty text-ink-muted">
            Enter the password that you were given together with the link.
          </p>
          {/* A cookie has the pass by now. */}
          <PasswordForm token={token} refused={refused} onOpened={() => router.refresh()} />
        </div>
      </main>
    </SharedPage>
  );
}
