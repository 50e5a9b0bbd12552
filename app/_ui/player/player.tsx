'use client';

import clsx from 'clsx';
import { RotateCw } from 'lucide-react';
import {
  MediaControlBar,
  MediaController,
  MediaFullscreenButton,
  MediaLoadingIndicator,
  MediaMuteButton,
  MediaPipButton,
  MediaPlayButton,
  MediaSeekBackwardButton,
  MediaSeekForwardButton,
  MediaTimeDisplay,
  MediaTimeRange,
  MediaVolumeRange,
} from 'media-chrome/react';
import { useEffect, useRef, useState, useTransition } from 'react';
import { Button } from '../controls/button.tsx';
import { formatDuration } from '../text/format.ts';
import { SpeedButton } from './speed-button.tsx';

export interface PlayerSource {
  url: string;
  /** `audio/…` gets a bar instead of a picture. */
  contentType: string;
  durationMs: number;
  /** Where on the recording's clock it begins. */
  startMs: number;
  /** False while the recording is being made: what is loaded ends where the recording was then. */
  finished: boolean;
}

interface PlayerProps {
  /** For assistive technology: what plays. */
  label: string;
  source: PlayerSource;
  /** While it is being made: how long it is by now, and how to ask for a source that goes that far, if there is one. */
  growing?: { durationMs: number; newest(): Promise<PlayerSource | undefined> } | undefined;
  /** Somebody was playing what comes before it. */
  autoPlay?: boolean;
  /** It was played to its end. */
  onEnded?: (() => void) | undefined;
}

/** A growing recording is offered again after this much more of it. */
const worthReloadingMs = 5_000;

/**
 * Plays one medium. A recording that grows, or that was finished meanwhile, is not swapped under a viewer who watches:
 * they are offered the newer one, and keep their place.
 */
export function Player({ label, source, growing, autoPlay = false, onEnded }: PlayerProps) {
  const [loaded, setLoaded] = useState({ source, version: 0 });
  const element = useRef<HTMLVideoElement>(null);
  const resumeAt = useRef(0);
  const [loading, startLoading] = useTransition();

  const { source: playing, version } = loaded;
  const hasVideo = playing.contentType.startsWith('video/');
  // In the types both are the one with more properties; of them only `playsInline` is used, which audio ignores.
  const Media = (hasVideo ? 'video' : 'audio') as 'video';
  const justFinished = source.finished && !playing.finished;
  const hasGrown =
    !source.finished && growing !== undefined && growing.durationMs - playing.durationMs > worthReloadingMs;

  const load = () =>
    startLoading(async () => {
      const newest = source.finished ? source : await growing?.newest();
      if (newest === undefined) return;
      resumeAt.current = (element.current?.currentTime ?? 0) + (playing.startMs - newest.startMs) / 1000;
      setLoaded({ source: newest, version: version + 1 });
    });

  const resume = () => {
    if (element.current !== null && resumeAt.current > 0) element.current.currentTime = resumeAt.current;
    resumeAt.current = 0;
  };

  // Nobody watches yet: there is no place to keep.
  useEffect(() => {
    const media = element.current;
    if (justFinished && media?.paused && media.played.length === 0) setLoaded({ source, version: version + 1 });
  }, [justFinished, source, version]);

  return (
    <div>
      <MediaController
        key={version}
        audio={!hasVideo || undefined}
        className={clsx('player w-full overflow-hidden rounded-xl', hasVideo ? 'aspect-video max-h-[75dvh]' : 'h-14')}
      >
        <Media
          ref={element}
          slot="media"
          src={playing.url}
          preload="metadata"
          playsInline
          tabIndex={-1}
          aria-label={label}
          autoPlay={autoPlay && version === 0}
          onLoadedMetadata={resume}
          onEnded={onEnded}
          // What a finished file was made of is gone some time afterwards.
          onError={justFinished ? load : undefined}
        />
        {hasVideo && <MediaPlayButton slot="centered-chrome" className="player-start" aria-hidden tabIndex={-1} />}
        {hasVideo && <MediaLoadingIndicator slot="centered-chrome" noAutohide />}
        <MediaControlBar className="player-bar">
          <MediaPlayButton />
          <MediaSeekBackwardButton seekOffset={10} className="max-sm:hidden" />
          <MediaSeekForwardButton seekOffset={10} className="max-sm:hidden" />
          <MediaTimeRange />
          <MediaTimeDisplay showDuration noToggle />
          <MediaMuteButton />
          <MediaVolumeRange className="max-md:hidden" />
          <SpeedButton media={element} />
          {hasVideo && <MediaPipButton className="max-sm:hidden" />}
          {hasVideo && <MediaFullscreenButton />}
        </MediaControlBar>
      </MediaController>
      {(justFinished || hasGrown) && (
        <div className="mt-2 flex flex-wrap items-center justify-between gap-2 text-ink-muted">
          <p role="status" className="figures">
            {justFinished
              ? 'The finished recording is there.'
              : `Loaded up to ${formatDuration(playing.durationMs)} of ${formatDuration(growing?.durationMs ?? 0)}.`}
          </p>
          <Button size="small" icon={<RotateCw aria-hidden />} pending={loading} onClick={load}>
            {justFinished ? 'Load the finished recording' : 'Load the newest part'}
          </Button>
        </div>
      )}
    </div>
  );
}
