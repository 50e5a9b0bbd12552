import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getEmbeddedRecording } from '../../../_control/pages.ts';
import { EmbeddedLock } from '../../../_ui/share/embedded-lock.tsx';
import { EmbeddedRecording } from '../../../_ui/share/embedded-recording.tsx';
import { sharedView } from '../../../_ui/share/shared-view.ts';

export const metadata: Metadata = {
  title: 'Recording',
  robots: { index: false, follow: false },
  referrer: 'no-referrer',
};

interface EmbedPageProps {
  params: Promise<{ token: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** For a frame in another site's page. Which sites may have one is said by its Content-Security-Policy. */
export default async function EmbedPage({ params, searchParams }: EmbedPageProps) {
  const { token } = await params;
  const given = (await searchParams).pass;
  const pass = typeof given === 'string' ? given : undefined;
  const shared = await getEmbeddedRecording(token, pass);
  if (shared === undefined) notFound();
  const { share, recording } = shared;
  if (recording === undefined) return <EmbeddedLock token={token} />;
  return (
    <EmbeddedRecording
      token={token}
      recording={sharedView(recording, token)}
      startAtMs={share.startAtMs}
      pass={share.hasPassword ? pass : undefined}
    />
  );
}
