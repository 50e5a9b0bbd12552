'use client';

import clsx from 'clsx';
import { ChevronLeft, Film, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef } from 'react';
import type { Recording, Share } from '../../_control/api.ts';
import type { Page } from '../../_control/created-page.ts';
import { ButtonLink } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { Notice } from '../controls/notice.tsx';
import { liveFigures, useIsDeleted, useLiveRecording, useSamples } from '../live/live-recording.ts';
import type { PlayerHandle } from '../player/player.tsx';
import { RecordingPlayer } from '../player/recording-player.tsx';
import { DetailsPanel } from './details-panel.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { LivePanel } from './live-panel.tsx';
import type { RuleNames } from './origin-text.ts';
import { RecordingHeader } from './recording-header.tsx';
import { isStoppable, isUnfinished } from './recording-states.ts';
import { Timeline } from './timeline.tsx';
import { TracksPanel } from './tracks-panel.tsx';
import { useNewestTracks } from './use-newest-tracks.ts';

interface RecordingPageProps {
  recording: Recording;
  shares: Page<Share>;
  ruleNames: RuleNames;
  /** Where it begins to play. */
  startAtMs: number;
}

export function RecordingPage({ recording: rendered, shares, ruleNames, startAtMs }: RecordingPageProps) {
  const player = useRef<PlayerHandle>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const playerAtMs = useRef(startAtMs);
  const recording = useLiveRecording(rendered);
  const samples = useSamples(recording.id);
  const deleted = useIsDeleted(recording.id);
  const growing = isUnfinished(recording.status);
  const counted = useNewestTracks(recording, growing);
  const { durationMs } = liveFigures(recording, samples);
  const showPlayhead = () => {
    if (playhead.current) playhead.current.style.left = `${shareOf(playerAtMs.current, durationMs)}%`;
  };
  // It moves back a little as the recording grows, whether it is played or not.
  useEffect(showPlayhead);

  if (deleted) {
    return (
      <EmptyState
        icon={<Trash2 aria-hidden />}
        title="This recording was deleted"
        actions={<ButtonLink href="/recordings">Back to recordings</ButtonLink>}
      >
        Its files and share links are gone.
      </EmptyState>
    );
  }

  const seek = (positionMs: number) => player.current?.seek(positionMs);
  const trouble = samples.at(-1)?.uploadTrouble ?? recording.stats?.uploadTrouble;
  return (
    <>
      <Link
        href="/recordings"
        className="mb-3 -ml-1 inline-flex items-center gap-1 rounded-md pr-1 text-ink-muted hover:text-ink pointer-coarse:-mt-2.5 pointer-coarse:mb-0.5 pointer-coarse:py-2.5"
      >
        <ChevronLeft aria-hidden className="size-4" />
        Recordings
      </Link>
      <RecordingHeader recording={recording} shares={shares} positionMs={() => playerAtMs.current} />
      <div className="mt-6 space-y-4">
        {recording.error !== null && <ErrorNotice status={recording.status} message={recording.error.message} />}
        {recording.waiting !== null && (
          <Notice tone="info" title={waitingTitles[recording.waiting.reason]}>
            {recording.waiting.message}
          </Notice>
        )}
        {trouble !== undefined && (
          <Notice tone="warn" title="The storage cannot be written">
            {trouble.message} Recording goes on; what is waiting is uploaded as soon as it can be.
          </Notice>
        )}
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
          <div className="min-w-0 space-y-4">
            {counted.media.length === 0 && <NothingToPlay recording={recording} />}
            {counted.media.length > 0 && (
              <section aria-label="Player">
                <RecordingPlayer
                  ref={player}
                  media={counted.media}
                  startAtMs={startAtMs}
                  posterUrl={recording.posterUrl}
                  storyboardUrl={recording.storyboardUrl}
                  framesPerSecond={counted.tracks.find(({ kind }) => kind === 'video')?.framesPerSecond}
                  isGrowing={growing}
                  keysEverywhere
                  onTime={(positionMs) => {
                    playerAtMs.current = positionMs;
                    showPlayhead();
                  }}
                />
              </section>
            )}
            {durationMs > 0 && (
              <Timeline recording={counted} durationMs={durationMs} playhead={playhead} onSeek={seek} />
            )}
            {counted.tracks.length > 0 && (
              <TracksPanel
                tracks={counted.tracks}
                totals={counted.totals}
                live={isStoppable(recording.status) ? samples.at(-1) : undefined}
              />
            )}
            <HistoryPanel recording={recording} growing={growing} onSeek={seek} />
          </div>
          <div className="min-w-0 space-y-4">
            {isStoppable(recording.status) && <LivePanel recording={recording} samples={samples} />}
            <DetailsPanel recording={recording} ruleNames={ruleNames} />
          </div>
        </div>
      </div>
    </>
  );
}

const waitingTitles = {
  recorder: 'In the queue',
  retry: 'The recorder is being replaced',
  uploads: 'Not everything is stored yet',
} as const;

function ErrorNotice({ status, message }: { status: Recording['status']; message: string }) {
  const [tone, title] =
    status === 'absent'
      ? (['info', 'Nothing was recorded'] as const)
      : status === 'failed'
        ? (['bad', 'The recording failed'] as const)
        : (['warn', 'The recording was cut short'] as const);
  return (
    <Notice tone={tone} title={title}>
      {message}
    </Notice>
  );
}

function shareOf(positionMs: number, durationMs: number): number {
  return durationMs === 0 ? 0 : Math.min(100, (positionMs / durationMs) * 100);
}

function NothingToPlay({ recording }: { recording: Recording }) {
  const waiting = isUnfinished(recording.status);
  return (
    <div
      className={clsx(
        'grid w-full place-items-center rounded-xl border border-line bg-sunken px-6 text-center text-ink-muted',
        waiting ? 'aspect-video max-h-[75dvh]' : 'h-44',
      )}
    >
      <div>
        <Film aria-hidden className="mx-auto mb-3 size-6 text-ink-faint" />
        <p>
          {waiting ? 'The picture appears here seconds after the participant publishes.' : 'There is nothing to play.'}
        </p>
      </div>
    </div>
  );
}
