import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { getSharedRecording, installation } from '../../_control/pages.ts';
import { LockedRecording } from '../../_ui/share/locked-recording.tsx';
import { refusalText } from '../../_ui/share/refusal-text.ts';
import { sharedMetadata } from '../../_ui/share/shared-metadata.ts';
import { SharedRecording } from '../../_ui/share/shared-recording.tsx';
import { sharedView } from '../../_ui/share/shared-view.ts';

interface SharePageProps {
  params: Promise<{ token: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Once a request, for the title and for the page. */
const sharedRecording = cache(getSharedRecording);

export async function generateMetadata({ params }: SharePageProps): Promise<Metadata> {
  const { token } = await params;
  const { publicUrl } = await installation();
  return sharedMetadata(await sharedRecording(token), token, publicUrl);
}

export default async function SharePage({ params, searchParams }: SharePageProps) {
  const { token } = await params;
  const shared = await sharedRecording(token);
  if (shared === undefined) notFound();
  const { share, recording } = shared;
  if (recording === undefined) {
    return <LockedRecording token={token} refused={refusalText((await searchParams).refused)} />;
  }
  return (
    <SharedRecording
      recording={sharedView(recording, token)}
      startAtMs={share.startAtMs}
      allowDownload={share.allowDownload}
    />
  );
}
