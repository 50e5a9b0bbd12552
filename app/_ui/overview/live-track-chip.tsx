import clsx from 'clsx';
import { Layers } from 'lucide-react';
import type { LiveParticipant } from '../../_control/api.ts';
import { sourceNames, TrackIcon } from '../recording/track-icon.tsx';
import { formatCodec, formatFrameSize } from '../text/format.ts';

type LiveTrack = LiveParticipant['tracks'][number];

export function LiveTrackChip({ track }: { track: LiveTrack }) {
  const size = formatFrameSize(track.width, track.height);
  const name = sourceNames[track.source] ?? (track.kind === 'video' ? 'Video' : 'Audio');
  return (
    <span
      title={[name, track.muted && 'muted', track.simulcast && 'simulcast'].filter(Boolean).join(', ')}
      className={clsx(
        'figures inline-flex h-6 items-center gap-1.5 rounded-md bg-sunken px-2 text-xs',
        track.muted ? 'text-ink-faint' : 'text-ink-muted',
      )}
    >
      <TrackIcon source={track.source} kind={track.kind} muted={track.muted} />
      <span className="sr-only">{name}</span>
      <span>{formatCodec(track.codec)}</span>
      {size !== null && !track.muted && <span>{size}</span>}
      {track.simulcast && <Layers aria-hidden className="size-3.5 text-ink-faint" />}
      {track.muted && <span>muted</span>}
      {track.simulcast && <span className="sr-only">simulcast</span>}
    </span>
  );
}
