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
import { type RefObject, useCallback, useEffect, useRef, useState, useSyncExternalStore, useTransition } from 'react';
import type { RecordingTrack } from '../../_control/api.ts';
import { Button } from '../controls/button.tsx';
import { formatDuration } from '../text/format.ts';
import { liveMimeType } from './follow-live.ts';
import { LiveButton } from './live-button.tsx';
import { SpeedButton } from './speed-button.tsx';
import { useFollowLive } from './use-follow-live.ts';

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

export interface Growing {
  /** How long the source is by now. */
  durationMs: number;
  /** Of its medium, as far as they are known. */
  tracks: readonly RecordingTrack[];
  /** A source that goes on to now, if there is one. */
  newest(): Promise<PlayerSource | undefined>;
}

interface PlayerProps {
  /** For assistive technology: what plays. */
  label: string;
  source: PlayerSource;
  /** What plays, for who controls it from elsewhere. */
  media: RefObject<HTMLVideoElement | null>;
  /** While it is being made. */
  growing?: Growing | undefined;
  /** Somebody was playing what comes before it. */
  autoPlay?: boolean;
  startAtS?: number;
  /** Who shows the player listens for keys itself. */
  hasOwnKeys?: boolean | undefined;
  posterUrl?: string | null | undefined;
  storyboardUrl?: string | null | undefined;
  /** Each time it has gone on or was sought, with what plays. */
  onTime?(source: PlayerSource, seconds: number): void;
  /** It was played to its end. */
  onEnded?: (() => void) | undefined;
}

/** A growing recording is offered again after this much more of it. */
const worthReloadingMs = 5_000;

const neverChanges = () => () => {};

/**
 * Plays one file. A recording that grows can be followed live. One that was finished meanwhile is not swapped under a viewer who
 * watches: they are offered the newer one, and keep their place.
 */
export function Player(props: PlayerProps) {
  const { label, source, media: element, growing, autoPlay = false, startAtS = 0, onTime, onEnded } = props;
  const [loaded, setLoaded] = useState({ source, version: 0, isLive: false });
  const resumeAt = useRef(startAtS);
  const [loading, startLoading] = useTransition();

  const { source: playing, version, isLive } = loaded;
  const hasVideo = playing.contentType.startsWith('video/');
  // In the types both are the one with more properties; of them only `playsInline` is used, which audio ignores.
  const Media = (hasVideo ? 'video' : 'audio') as 'video';
  const justFinished = source.finished && !playing.finished;
  const hasGrown =
    !source.finished && growing !== undefined && growing.durationMs - playing.durationMs > worthReloadingMs;
  // Only the browser knows what it can follow: the server renders the page without.
  const inBrowser = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );
  const mimeType = inBrowser && growing ? liveMimeType(playing.contentType, growing.tracks) : undefined;

  const load = (how: { atS?: number; isLive?: boolean } = {}) =>
    startLoading(async () => {
      const newest = source.finished ? source : await growing?.newest();
      if (newest === undefined) return;
      const atS = how.atS ?? element.current?.currentTime ?? 0;
      resumeAt.current = how.isLive ? 0 : atS + (playing.startMs - newest.startMs) / 1000;
      setLoaded({ source: newest, version: version + 1, isLive: how.isLive ?? false });
    });

  const resume = useCallback(() => {
    const { current } = element;
    if (current === null || current.readyState < HTMLMediaElement.HAVE_METADATA) return;
    if (resumeAt.current > 0) current.currentTime = resumeAt.current;
    resumeAt.current = 0;
  }, [element]);

  // A page that came with its player may have loaded it before anybody listened.
  useEffect(resume, [resume]);

  const { follower, isAtEdge } = useFollowLive(
    element,
    isLive && mimeType && growing ? { url: playing.url, mimeType } : undefined,
    // A browser that cannot follow it still plays what there is.
    { onEnd: () => load(), onFarBack: (atS) => load({ atS }) },
  );

  // Nobody watches yet: there is no place to keep.
  useEffect(() => {
    const { current } = element;
    if (justFinished && current?.paused && current.played.length === 0) {
      setLoaded({ source, version: version + 1, isLive: false });
    }
  }, [element, justFinished, source, version]);

  return (
    <div className="@container">
      <MediaController
        key={version}
        audio={!hasVideo || undefined}
        noHotkeys={props.hasOwnKeys || undefined}
        className={clsx('player w-full overflow-hidden rounded-xl', hasVideo ? 'aspect-video max-h-[75dvh]' : 'h-14')}
      >
        <Media
          ref={element}
          slot="media"
          // One that is followed gets its media by hand.
          src={isLive ? undefined : playing.url}
          poster={hasVideo && !isLive ? (props.posterUrl ?? undefined) : undefined}
          preload="metadata"
          playsInline
          tabIndex={-1}
          aria-label={label}
          autoPlay={isLive || (autoPlay && version === 0)}
          onLoadedMetadata={isLive ? undefined : resume}
          onTimeUpdate={(event) => onTime?.(playing, event.currentTarget.currentTime)}
          onEnded={onEnded}
          // What a finished file was made of is gone some time afterwards.
          onError={justFinished ? () => load() : undefined}
        >
          {props.storyboardUrl && <track default kind="metadata" label="thumbnails" src={props.storyboardUrl} />}
        </Media>
        {hasVideo && <MediaPlayButton slot="centered-chrome" className="player-start" aria-hidden tabIndex={-1} />}
        {hasVideo && <MediaLoadingIndicator slot="centered-chrome" noAutohide />}
        <MediaControlBar className="player-bar">
          <MediaPlayButton />
          <MediaSeekBackwardButton seekOffset={10} className="@max-lg:hidden" />
          <MediaSeekForwardButton seekOffset={10} className="@max-lg:hidden" />
          <MediaTimeRange />
          <MediaTimeDisplay showDuration noToggle />
          {mimeType && (
            <LiveButton
              isAtEdge={isLive && isAtEdge}
              onPress={() => (follower ? follower.toEdge() : load({ isLive: true }))}
            />
          )}
          <MediaMuteButton />
          <MediaVolumeRange className="@max-xl:hidden" />
          <SpeedButton media={element} />
          {hasVideo && <MediaPipButton className="@max-lg:hidden" />}
          {hasVideo && <MediaFullscreenButton />}
        </MediaControlBar>
      </MediaController>
      {(justFinished || (hasGrown && !isLive)) && (
        <div className="mt-2 flex flex-wrap items-center justify-between gap-2 text-ink-muted">
          <p role="status" className="figures">
            {justFinished
              ? 'The finished recording is there.'
              : `Loaded up to ${formatDuration(playing.durationMs)} of ${formatDuration(growing?.durationMs ?? 0)}.`}
          </p>
          <Button size="small" icon={<RotateCw aria-hidden />} pending={loading} onClick={() => load()}>
            {justFinished ? 'Load the finished recording' : 'Load the newest part'}
          </Button>
        </div>
      )}
    </div>
  );
}
