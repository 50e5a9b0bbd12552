'use client';

import clsx from 'clsx';
import { LoaderCircle, RotateCw, Volume2, VolumeX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { callApi } from '../api/call-api.ts';
import { Button } from '../controls/button.tsx';
import { nothingWatched, type Watched, type WatchedTrack, watchParticipant } from './watch-participant.ts';
import { soundText, stateText } from './watched-text.ts';

interface LiveViewProps {
  room: string;
  identity: string;
}

/** What the participant publishes at this moment, received as any other participant would; nobody sees who watches. */
export function LiveView({ room, identity }: LiveViewProps) {
  const [watched, setWatched] = useState<Watched>(nothingWatched);
  const [attempt, setAttempt] = useState(0);
  const [muted, setMuted] = useState(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt connects anew.
  useEffect(() => {
    setWatched(nothingWatched);
    const openAccess = () =>
      callApi<{ url: string; token: string }>('POST', `/api/v1/rooms/${encodeURIComponent(room)}/viewer-token`);
    return watchParticipant(openAccess, identity, setWatched);
  }, [room, identity, attempt]);

  const { camera, screen, sounds, connection } = watched;
  const [large, small] = screen ? [screen, camera] : [camera, null];
  const state = stateText(watched);
  const isBusy = connection === 'connecting' || connection === 'reconnecting';
  return (
    <div className="space-y-3">
      <div className="relative overflow-hidden rounded-lg bg-black text-white">
        <Picture track={large} name={screen ? 'Screen' : 'Camera'} className="aspect-video w-full object-contain" />
        {small && !small.muted && (
          <Picture
            track={small}
            name="Camera"
            className="absolute right-3 bottom-3 aspect-video w-1/4 rounded-md border border-white/25 bg-black object-cover"
          />
        )}
        <div role="status" className={clsx('absolute inset-0 grid place-items-center p-6', state === null && 'hidden')}>
          <p className="flex items-center gap-2 rounded-lg bg-black/70 px-3 py-2 text-center">
            {isBusy && <LoaderCircle aria-hidden className="size-4 shrink-0 animate-turn" />}
            {state}
          </p>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          aria-pressed={!muted}
          disabled={sounds.length === 0}
          icon={muted ? <VolumeX aria-hidden /> : <Volume2 aria-hidden />}
          onClick={() => setMuted(!muted)}
        >
          {muted ? 'Turn sound on' : 'Turn sound off'}
        </Button>
        {connection === 'lost' && (
          <Button look="primary" icon={<RotateCw aria-hidden />} onClick={() => setAttempt(attempt + 1)}>
            Connect again
          </Button>
        )}
        <p className="text-xs text-ink-muted">{soundText(watched)}</p>
      </div>
      {sounds.map((sound) => (
        <Sound key={sound.sid} track={sound} muted={muted} />
      ))}
    </div>
  );
}

function Picture({ track, name, className }: { track: WatchedTrack | null; name: string; className: string }) {
  const element = useRef<HTMLVideoElement>(null);
  useAttached(track, element);
  return (
    <video
      ref={element}
      muted
      autoPlay
      playsInline
      aria-label={name}
      className={clsx(className, (track === null || track.muted) && 'opacity-0')}
    />
  );
}

function Sound({ track, muted }: { track: WatchedTrack; muted: boolean }) {
  const element = useRef<HTMLAudioElement>(null);
  useAttached(track, element);
  return <audio ref={element} autoPlay muted={muted} />;
}

function useAttached(watched: WatchedTrack | null, element: React.RefObject<HTMLMediaElement | null>): void {
  const track = watched?.track ?? null;
  useEffect(() => {
    const media = element.current;
    if (track === null || media === null) return;
    const { muted } = media;
    track.attach(media);
    media.muted = muted;
    return () => {
      track.detach(media);
    };
  }, [track, element]);
}
