'use client';

import { useRouter } from 'next/navigation';
import { EmbedFrame } from './embed-frame.tsx';
import { PasswordForm } from './password-form.tsx';

/** The password in another site's frame: without cookies the pass goes on in the address of the frame. */
export function EmbeddedLock({ token }: { token: string }) {
  const router = useRouter();
  const opened = (pass: string) =>
    router.replace(`/s/${encodeURIComponent(token)}/embed?${new URLSearchParams({ pass })}`);
  return (
    <EmbedFrame>
      <div className="grid min-h-full place-items-center p-4">
        <div className="w-full max-w-72 rounded-xl bg-surface p-4 text-ink">
          <h1 className="mb-3 font-semibold">This recording is protected</h1>
          <PasswordForm token={token} refused={undefined} onOpened={opened} />
        </div>
      </div>
    </EmbedFrame>
  );
}
