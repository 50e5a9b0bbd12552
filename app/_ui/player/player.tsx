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
import {
  type Ref,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { Button } from '../controls/button.tsx';
import { formatDuration } from '../text/format.ts';
import { askAgain } from './ask-again.ts';
import { canFollow } from './follow-live.ts';
import { LiveButton } from './live-button.tsx';
import { zeroOf } from './media-parts.ts';
import { SpeedButton } from './speed-button.tsx';
import { useFollowLive } from './use-follow-live.ts';

export interface PlayerSource {
  url: string;
  /** `audio/…` gets a bar instead of a picture. */
  contentType: string;
  durationMs: number;
  /** Where on the recording's clock it begins, */
  startMs: number;
  /** and where time 0 of the file lies. */
  zeroMs: number;
  /** False while the recording is being made: what is loaded ends where the recording was then. */
  finished: boolean;
}

export interface PlayerHandle {
  /** @param positionMs on the recording's clock */
  seek(positionMs: number): void;
}

interface PlayerProps {
  /** For assistive technology: what plays. */
  label: string;
  /** The newest there is: what is loaded may be less. */
  source: PlayerSource;
  /** What plays, for who controls it from elsewhere. */
  media: RefObject<HTMLVideoElement | null>;
  /** More of it comes. */
  isGrowing: boolean;
  /** Somebody was playing what comes before it, and how. */
  begins?: 'paused' | 'playing' | 'live';
  /** On the recording's clock. */
  startAtMs?: number;
  /** Who shows the player listens for keys itself. */
  hasOwnKeys?: boolean | undefined;
  posterUrl?: string | null | undefined;
  /** Its times are those of the file. */
  storyboardUrl?: string | null | undefined;
  /** Each time it has gone on or was sought: where it is on the recording's clock. */
  onTime?(positionMs: number): void;
  onLive?(isLive: boolean): void;
  /** It was played to its end, and there is no more of it. */
  onEnded?: ((how: 'playing' | 'live') => void) | undefined;
  ref?: Ref<PlayerHandle>;
}

/** A growing recording is offered again after this much more of it. */
const worthReloadingMs = 5_000;
/** Ends that are closer are the same. */
const sameEndMs = 200;

const neverChanges = () => () => {};

/**
 * Plays one file. A recording that grows can be followed live; else what is loaded is played to its end, and then what has come
 * meanwhile. Nothing is swapped under a viewer who watches: they are offered the newer one, and keep their place.
 */
export function Player(props: PlayerProps) {
  const { label, source, media: element, isGrowing, begins = 'paused', startAtMs = source.startMs } = props;
  const [loaded, setLoaded] = useState({ source, version: 0, begins });
  const [watched, setWatched] = useState(begins !== 'paused');
  const [cannotFollow, setCannotFollow] = useState(false);
  const resumeAtMs = useRef<number | undefined>(begins === 'live' ? undefined : startAtMs);

  const { source: playing, version } = loaded;
  const isLive = loaded.begins === 'live';
  const hasVideo = playing.contentType.startsWith('video/');
  // In the types both are the one with more properties; of them only `playsInline` is used, which audio ignores.
  const Media = (hasVideo ? 'video' : 'audio') as 'video';
  const justFinished = source.finished && !playing.finished;
  const moreMs = playing.finished ? 0 : endOf(source) - endOf(playing);
  // Only the browser knows what it can follow: the server renders the page without.
  const inBrowser = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );
  const followable = inBrowser && isGrowing && !cannotFollow && canFollow(playing.contentType);

  /** Where time 0 of what is loaded lies on the recording's clock. */
  const zeroMs = useRef(playing.zeroMs);
  const positionMs = () => zeroMs.current + (element.current?.currentTime ?? 0) * 1000;

  const load = (how: typeof begins, atMs?: number) => {
    resumeAtMs.current = how === 'live' ? undefined : (atMs ?? positionMs());
    zeroMs.current = source.zeroMs;
    setLoaded({ source, version: version + 1, begins: how });
  };

  const resume = useCallback(() => {
    const { current } = element;
    if (current === null || current.readyState < HTMLMediaElement.HAVE_METADATA) return;
    zeroMs.current = isLive ? playing.zeroMs : zeroOf(playing, current);
    const wantedMs = resumeAtMs.current;
    if (wantedMs !== undefined && wantedMs > playing.startMs) current.currentTime = (wantedMs - zeroMs.current) / 1000;
    resumeAtMs.current = undefined;
  }, [element, isLive, playing]);

  // A page that came with its player may have loaded it before anybody listened.
  useEffect(resume, [resume]);

  const { follower, isAtEdge } = useFollowLive(element, isLive ? playing.url : undefined, {
    isOver: () => !isGrowing,
    onStart: (started) => started.toEdge(),
    // A browser that cannot follow it still plays what there is.
    onFail() {
      setCannotFollow(true);
      load('playing');
    },
    onFarBack: (atS) => load('playing', zeroMs.current + atS * 1000),
  });

  const { onLive } = props;
  useEffect(() => onLive?.(isLive), [isLive, onLive]);

  // Nobody watches yet, or is at its end: there is no place to lose. What is not watched is loaded ever more rarely.
  const goesOn = !isLive && moreMs > sameEndMs;
  const hasDoubled = moreMs > Math.max(worthReloadingMs, playing.durationMs);
  useEffect(() => {
    if (goesOn && element.current?.ended) load('playing');
    else if (!watched && !isLive && (justFinished || hasDoubled)) load('paused');
  });

  const recover = (failed: HTMLMediaElement) => {
    // What a finished file was made of is gone some time afterwards.
    if (justFinished && failed.error) return load(failed.paused ? 'paused' : 'playing');
    const atMs = positionMs();
    if (askAgain(failed)) resumeAtMs.current = atMs;
  };

  useImperativeHandle(props.ref, () => ({
    seek(wantedMs) {
      const { current } = element;
      if (!current) return;
      if (!isLive && wantedMs > endOf(playing) && goesOn) load(current.paused ? 'paused' : 'playing', wantedMs);
      else current.currentTime = Math.max(0, wantedMs - zeroMs.current) / 1000;
    },
  }));

  const offered = watched && (justFinished || (!isLive && moreMs > worthReloadingMs));
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
          autoPlay={loaded.begins !== 'paused'}
          onLoadedMetadata={resume}
          onPlay={() => setWatched(true)}
          onTimeUpdate={() => props.onTime?.(positionMs())}
          onEnded={() => {
            if (goesOn) load('playing');
            else if (props.onEnded) props.onEnded(isLive ? 'live' : 'playing');
            else if (justFinished) load('paused');
          }}
          onError={isLive ? undefined : (event) => recover(event.currentTarget)}
          // Some seconds without a byte.
          onStalled={isLive ? undefined : (event) => recover(event.currentTarget)}
        >
          {props.storyboardUrl && <track default kind="metadata" label="thumbnails" src={props.storyboardUrl} />}
        </Media>
        {hasVideo && <MediaPlayButton slot="centered-chrome" className="player-start" aria-hidden tabIndex={-1} />}
        {hasVideo && (
          <MediaLoadingIndicator
            slot="centered-chrome"
            noAutohide
            className="pointer-events-none absolute inset-0 m-auto size-fit"
          />
        )}
        <MediaControlBar className="player-bar">
          <MediaPlayButton />
          <MediaSeekBackwardButton seekOffset={10} className="@max-lg:hidden" />
          <MediaSeekForwardButton seekOffset={10} className="@max-lg:hidden" />
          <MediaTimeRange />
          <MediaTimeDisplay showDuration noToggle />
          {followable && (
            <LiveButton isAtEdge={isLive && isAtEdge} onPress={() => (follower ? follower.toEdge() : load('live'))} />
          )}
          <MediaMuteButton />
          <MediaVolumeRange className="@max-xl:hidden" />
          <SpeedButton media={element} />
          {hasVideo && <MediaPipButton className="@max-lg:hidden" />}
          {hasVideo && <MediaFullscreenButton />}
        </MediaControlBar>
      </MediaController>
      {offered && (
        <div className="mt-2 flex flex-wrap items-center justify-between gap-2 text-ink-muted">
          <p role="status" className="figures">
            {justFinished
              ? 'The finished recording is there.'
              : `Loaded up to ${formatDuration(endOf(playing))} of ${formatDuration(endOf(source))}.`}
          </p>
          <Button
            size="small"
            icon={<RotateCw aria-hidden />}
            onClick={() => load(element.current?.paused === false ? 'playing' : 'paused')}
          >
            {justFinished ? 'Load the finished recording' : 'Load the newest part'}
          </Button>
        </div>
      )}
    </div>
  );
}

/** On the recording's clock. */
function endOf({ startMs, durationMs }: Pick<PlayerSource, 'startMs' | 'durationMs'>): number {
  return startMs + durationMs;
}
