'use client';

import clsx from 'clsx';
import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import type { Recording } from '../../_control/api.ts';
import { Panel } from '../controls/panel.tsx';
import { formatDuration, formatPosition } from '../text/format.ts';
import {
  mergeNeighbours,
  type SpanKind,
  type TimelineItem,
  type TimelineStrip,
  timelineStrips,
} from './timeline-strips.ts';
import { TrackIcon } from './track-icon.tsx';

interface TimelineProps {
  recording: Pick<Recording, 'tracks' | 'gaps'>;
  durationMs: number;
  /** Moved by who knows what plays. */
  playhead: RefObject<HTMLDivElement | null>;
  onSeek(positionMs: number): void;
}

const looks: Readonly<Record<SpanKind, { classes: string; legend: string }>> = {
  muted: { classes: 'bg-ink-faint', legend: 'Muted' },
  away: { classes: 'bg-warn', legend: 'Away' },
  lost: { classes: 'bg-live', legend: 'Lost' },
  paused: { classes: 'bg-busy', legend: 'Paused' },
  silent: { classes: 'bg-ink-faint/35', legend: 'Silent' },
  none: { classes: 'bg-sunken ring-1 ring-inset ring-line', legend: 'Not published' },
  change: { classes: 'bg-ink', legend: 'Other size or codec' },
};

/** More are reached by the list. */
const focusableAtMost = 24;

/** What happened when, one strip per track. Whatever is pressed is played from there. */
export function Timeline({ recording, durationMs, playhead, onSeek }: TimelineProps) {
  const [told, setTold] = useState<string | undefined>(undefined);
  const strips = timelineStrips(recording);
  const wholeMs = Math.max(1, durationMs);
  const kinds = [...new Set(strips.flatMap(({ items }) => items.map(({ kind }) => kind)))];
  const count = strips.reduce((sum, { items }) => sum + items.length, 0);
  if (strips.length === 0) return null;
  return (
    <Panel
      title="Timeline"
      aside={
        <span className="figures min-w-0 truncate text-xs text-ink-muted" aria-hidden>
          {told ?? (count === 0 ? 'Without a gap' : 'Press anywhere to play from there')}
        </span>
      }
    >
      <div className="px-4 pt-3 pb-4">
        <div className="relative grid gap-2">
          {strips.map((strip) => (
            <Strip key={strip.source} strip={strip} wholeMs={wholeMs} onTell={setTold} onSeek={onSeek} />
          ))}
          <div aria-hidden className="pointer-events-none absolute inset-y-0 right-0 left-0 sm:left-28">
            <div ref={playhead} className="absolute -inset-y-1 left-0 w-0.5 -translate-x-1/2 rounded-full bg-ink" />
          </div>
        </div>
        <div aria-hidden className="figures mt-1.5 flex justify-between text-xs text-ink-faint sm:ml-28">
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <span key={share} className={clsx((share === 0.25 || share === 0.75) && 'max-sm:hidden')}>
              {formatDuration(wholeMs * share)}
            </span>
          ))}
        </div>
        {kinds.length > 0 && (
          <ul aria-hidden className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-muted">
            {kinds.map((kind) => (
              <li key={kind} className="flex items-center gap-1.5">
                <span className={clsx('h-2.5 w-2.5 rounded-sm', looks[kind].classes)} />
                {looks[kind].legend}
              </li>
            ))}
          </ul>
        )}
      </div>
      {count > 0 && <TimelineList strips={strips} count={count} onSeek={onSeek} />}
    </Panel>
  );
}

interface StripProps {
  strip: TimelineStrip;
  wholeMs: number;
  onTell(text: string | undefined): void;
  onSeek(positionMs: number): void;
}

function Strip({ strip, wholeMs, onTell, onSeek }: StripProps) {
  const bar = useRef<HTMLDivElement>(null);
  const items = mergeNeighbours(strip.items, wholeMs);
  const positionOf = (event: { clientX: number }) => {
    const { left = 0, width = 1 } = bar.current?.getBoundingClientRect() ?? {};
    return Math.min(1, Math.max(0, (event.clientX - left) / width)) * wholeMs;
  };
  const point = (event: PointerEvent) => {
    if (event.target === bar.current) onTell(formatPosition(positionOf(event)));
  };
  return (
    <div className="grid items-center gap-x-3 gap-y-0.5 sm:grid-cols-[6.25rem_minmax(0,1fr)]">
      <span className="flex items-center gap-1.5 text-xs text-ink-muted">
        <TrackIcon source={strip.source} kind={strip.kind} />
        {strip.name}
      </span>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: The player's own keys and the list do the same. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: The same. */}
      <div
        ref={bar}
        onClick={(event) => onSeek(positionOf(event))}
        onPointerMove={point}
        onPointerLeave={() => onTell(undefined)}
        className="relative h-5 cursor-pointer overflow-hidden rounded bg-good/35 pointer-coarse:h-7"
      >
        {items.map((item, at) => (
          <Mark
            key={`${item.fromMs}/${item.kind}`}
            item={item}
            name={strip.name}
            wholeMs={wholeMs}
            isFocusable={at < focusableAtMost}
            onTell={onTell}
            onSeek={onSeek}
          />
        ))}
      </div>
    </div>
  );
}

interface MarkProps extends Omit<StripProps, 'strip'> {
  item: TimelineItem;
  name: string;
  isFocusable: boolean;
}

function Mark({ item, name, wholeMs, isFocusable, onTell, onSeek }: MarkProps) {
  const { fromMs, toMs, kind, text } = item;
  const share = (ms: number) => `${((ms / wholeMs) * 100).toFixed(3)}%`;
  const tell = () => onTell(`${formatPosition(fromMs)} ${text}`);
  return (
    <button
      type="button"
      tabIndex={isFocusable ? undefined : -1}
      aria-label={`${name}, ${formatPosition(fromMs)}: ${text}`}
      onClick={(event) => {
        event.stopPropagation();
        onSeek(fromMs);
      }}
      onPointerEnter={tell}
      onFocus={tell}
      onBlur={() => onTell(undefined)}
      style={{ left: `min(${share(fromMs)}, 100% - 4px)`, width: share(Math.max(0, toMs - fromMs)) }}
      className={clsx(
        'absolute inset-y-0 min-w-1 focus-visible:z-10 focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus',
        looks[kind].classes,
      )}
    />
  );
}

const listedAtMost = 200;

/** The same in words, for who does not see strips or wants to read it. */
function TimelineList({
  strips,
  count,
  onSeek,
}: { strips: TimelineStrip[]; count: number } & Pick<StripProps, 'onSeek'>) {
  const all = strips
    .flatMap(({ name, items }) => items.map((item) => ({ name, ...item })))
    .sort((one, other) => one.fromMs - other.fromMs);
  return (
    <details className="border-t border-line">
      <summary className="cursor-pointer px-4 py-2.5 text-ink-muted hover:text-ink">
        As a list <span className="figures text-xs text-ink-faint">{count}</span>
      </summary>
      <ol className="max-h-80 divide-y divide-line overflow-y-auto border-t border-line">
        {all.slice(0, listedAtMost).map(({ name, fromMs, kind, text }) => (
          <li key={`${name}/${fromMs}/${kind}/${text}`}>
            <button
              type="button"
              onClick={() => onSeek(fromMs)}
              className="grid w-full grid-cols-[4.5rem_minmax(0,1fr)] gap-3 px-4 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
            >
              <span className="figures text-ink-muted">{formatPosition(fromMs)}</span>
              <span>
                {text}
                <span className="text-ink-muted">, {name.toLowerCase()}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
      {count > listedAtMost && (
        <p className="border-t border-line px-4 py-2 text-xs text-ink-muted">
          The first {listedAtMost} are listed; the API gives all of them.
        </p>
      )}
    </details>
  );
}
