import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { getSharedRecording } from '../../_control/pages.ts';
import { SharedRecording } from '../../_ui/share/shared-recording.tsx';
import { shortText } from '../../_ui/text/visible-text.ts';

interface SharePageProps {
  params: Promise<{ token: string }>;
}

/** Once a request, for the title and for the page. */
const sharedRecording = cache(getSharedRecording);

export async function generateMetadata({ params }: SharePageProps): Promise<Metadata> {
  const shared = await sharedRecording((await params).token);
  return {
    title: shared ? shortText(shared.recording.identity, 80) : 'Not found',
    robots: { index: false, follow: false },
    referrer: 'no-referrer',
  };
}

export default async function SharePage({ params }: SharePageProps) {
  const { token } = await params;
  const shared = await sharedRecording(token);
  if (shared === undefined) notFound();
  return <SharedRecording token={token} recording={shared.recording} allowDownload={shared.share.allowDownload} />;
}
