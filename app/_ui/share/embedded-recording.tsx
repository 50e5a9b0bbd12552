'use client';

import { ExternalLink, Play } from 'lucide-react';
import { useState, useSyncExternalStore, useTransition } from 'react';
import { AnyText } from '../text/any-text.tsx';
import { formatDuration } from '../text/format.ts';
import { EmbedFrame } from './embed-frame.tsx';
import { openView } from './open-view.ts';
import { SharedPlayer } from './shared-player.tsx';
import { type SharedView, withPass } from './shared-view.ts';

interface EmbeddedRecordingProps {
  token: string;
  recording: SharedView;
  startAtMs: number;
  /** Of somebody who has given the password: they have pressed already. */
  pass: string | undefined;
}

const neverChanges = () => () => {};
const yes = () => true;
const no = () => false;

/**
 * In a frame of another site's page: a picture with a button, and the player once it was pressed. So a page that shows it
 * costs nothing, and only who watches is counted. Browsers keep no cookies there: the pass goes with each address.
 */
export function EmbeddedRecording({ token, recording, startAtMs, pass: given }: EmbeddedRecordingProps) {
  const [pass, setPass] = useState(given);
  const [refused, setRefused] = useState<string>();
  const [pending, startTransition] = useTransition();
  // Before the page has its script a press would be lost.
  const inBrowser = useSyncExternalStore(neverChanges, yes, no);

  const play = () =>
    startTransition(async () => {
      const answer = await openView(token);
      if ('pass' in answer) setPass(answer.pass);
      else setRefused(answer.refused);
    });

  if (pass !== undefined) {
    return (
      <EmbedFrame>
        {/* What is below the player has no room here, unless it arranges two pictures. */}
        <div className="grid min-h-full items-center [&_.player]:max-h-dvh [&_.player]:rounded-none [&_[data-layout=one]+*]:hidden">
          <SharedPlayer recording={withPass(recording, pass)} startAtMs={startAtMs} autoPlay />
        </div>
      </EmbedFrame>
    );
  }
  return (
    <EmbedFrame>
      {recording.posterUrl !== null && (
        // biome-ignore lint/performance/noImgElement: it is made in the right size already
        <img src={recording.posterUrl} alt="" className="absolute inset-0 size-full object-contain" />
      )}
      <button
        type="button"
        onClick={play}
        disabled={pending || !inBrowser}
        aria-label={`Play the recording of ${recording.identity}`}
        className="group absolute inset-0 grid place-items-center -outline-offset-4"
      >
        <span className="grid size-16 place-items-center rounded-full bg-black/60 text-white group-hover:bg-black/80">
          <Play aria-hidden className="ml-1 size-7 fill-current" />
        </span>
      </button>
      <div className="pointer-events-none absolute inset-x-0 top-0 flex items-start justify-between gap-3 bg-linear-to-b from-black/70 to-transparent p-3 pb-8 text-white">
        <h1 className="min-w-0 font-medium">
          <AnyText text={recording.identity} />
        </h1>
        <a
          href={`/s/${encodeURIComponent(token)}`}
          target="_blank"
          rel="noreferrer"
          aria-label="Open in a page of its own"
          className="pointer-events-auto grid size-8 shrink-0 place-items-center rounded-lg bg-black/40 hover:bg-black/70"
        >
          <ExternalLink aria-hidden className="size-4" />
        </a>
      </div>
      <p className="figures pointer-events-none absolute right-3 bottom-3 rounded-md bg-black/70 px-1.5 py-0.5 text-xs text-white">
        {formatDuration(recording.durationMs)}
      </p>
      {refused !== undefined && (
        <p role="alert" className="absolute inset-x-3 bottom-10 text-center text-sm text-white">
          {refused}
        </p>
      )}
    </EmbedFrame>
  );
}
