import type { Metadata } from 'next';
import type { SharedRecording } from '../../_control/view-share.ts';
import { formatDuration } from '../text/format.ts';
import { shortText } from '../text/visible-text.ts';

/** What a chat or a site shows of a link. Of a share with a password: only that there is one. */
export function sharedMetadata(shared: SharedRecording | undefined, token: string, publicUrl: string): Metadata {
  const robots = { index: false, follow: false };
  const base: Metadata = { robots, referrer: 'no-referrer' };
  if (shared === undefined) return { ...base, title: 'Not found' };
  const { recording } = shared;
  const page = `${publicUrl}/s/${encodeURIComponent(token)}`;
  const title = recording ? shortText(recording.identity, 80) : 'Protected recording';
  const description = recording && `${shortText(recording.room, 80)} · ${formatDuration(recording.durationMs)}`;
  return {
    ...base,
    title,
    ...(description && { description }),
    openGraph: {
      type: 'video.other',
      siteName: 'Participant Recorder',
      title,
      url: page,
      ...(description && { description }),
      ...(recording?.posterUrl && { images: [`${page}/poster`] }),
    },
    twitter: { card: recording?.posterUrl ? 'summary_large_image' : 'summary' },
    alternates: {
      types: { 'application/json+oembed': `${publicUrl}/api/oembed?${new URLSearchParams({ url: page })}` },
    },
  };
}
