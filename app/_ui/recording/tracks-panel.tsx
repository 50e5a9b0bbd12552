import clsx from 'clsx';
import { Fragment, type ReactNode } from 'react';
import type { Recording, RecordingTrack } from '../../_control/api.ts';
import { Panel } from '../controls/panel.tsx';
import type { LiveStats } from '../live/live-store.ts';
import {
  formatBitrate,
  formatBytes,
  formatCodec,
  formatCount,
  formatFrameSize,
  formatPosition,
} from '../text/format.ts';
import { inSourceOrder, sourceNames, TrackIcon } from './track-icon.tsx';

type Totals = NonNullable<Recording['totals']>;
type LiveTrack = NonNullable<LiveStats['tracks']>[number];

interface TracksPanelProps {
  tracks: readonly RecordingTrack[];
  totals: Recording['totals'];
  /** The newest live figures: rates are those of the last second instead of averages. */
  live: LiveStats | undefined;
}

interface Row {
  name: string;
  /** What is meant, for who lets the pointer rest on it. */
  hint?: string;
  track(track: RecordingTrack, live: LiveTrack | undefined): ReactNode;
  /** Of all tracks together; unset: there is no such thing. */
  all?(totals: Totals): ReactNode;
  isWarning?(figures: Totals): boolean;
}

const groups: { name: string; rows: Row[] }[] = [
  {
    name: 'Media',
    rows: [
      { name: 'Frames', track: ({ frames }) => formatCount(frames), all: ({ frames }) => formatCount(frames) },
      {
        name: 'Keyframes',
        track: ({ kind, keyframes }) => (kind === 'video' ? formatCount(keyframes) : none),
        all: ({ keyframes }) => formatCount(keyframes),
      },
      {
        name: 'Frames per second',
        hint: 'Over the last second while it is recorded, afterwards on average; gaps left out',
        track: (track, live) => (live?.framesPerSecond ?? track.framesPerSecond).toFixed(1),
      },
      {
        name: 'Bitrate',
        hint: 'Over the last second while it is recorded, afterwards on average; gaps left out',
        track: (track, live) => formatBitrate(live?.bitrateBps ?? track.bitrateBps),
      },
      {
        name: 'Size',
        track: ({ sizeBytes }) => formatBytes(sizeBytes),
        all: ({ sizeBytes }) => formatBytes(sizeBytes),
      },
      {
        name: 'Frames repaired',
        hint: 'They are whole because packets of theirs were sent again',
        track: ({ framesRepaired }) => formatCount(framesRepaired),
        all: ({ framesRepaired }) => formatCount(framesRepaired),
      },
      {
        name: 'Frames dropped',
        hint: 'They arrived, at least in part, but were not stored',
        track: ({ framesDropped }) => <Reasons counts={framesDropped} />,
        all: ({ framesDropped }) => formatCount(sumOf(framesDropped)),
      },
      {
        name: 'By back-pressure',
        hint: 'Of the dropped ones: the disk did not keep up',
        track: ({ framesDropped }) => formatCount(framesDropped['back-pressure'] ?? 0),
        all: ({ framesDropped }) => formatCount(framesDropped['back-pressure'] ?? 0),
        isWarning: ({ framesDropped }) => (framesDropped['back-pressure'] ?? 0) > 0,
      },
    ],
  },
  {
    name: 'Network',
    rows: [
      {
        name: 'Packets received',
        track: ({ packetsReceived }) => formatCount(packetsReceived),
        all: ({ packetsReceived }) => formatCount(packetsReceived),
      },
      {
        name: 'Repaired',
        hint: 'Lost on the way, and had again by a retransmission or by redundancy',
        track: ({ packetsRepaired }) => formatCount(packetsRepaired),
        all: ({ packetsRepaired }) => formatCount(packetsRepaired),
      },
      {
        name: 'Lost',
        hint: 'Never came, or too late',
        track: ({ packetsLost }) => formatCount(packetsLost),
        all: ({ packetsLost }) => formatCount(packetsLost),
        isWarning: ({ packetsLost }) => packetsLost > 0,
      },
      {
        name: 'Ignored',
        hint: 'Nothing was in them, or nothing new: padding, what the server makes up while a track is muted, duplicates',
        track: ({ packetsIgnored }) => <Reasons counts={packetsIgnored} />,
        all: ({ packetsIgnored }) => formatCount(sumOf(packetsIgnored)),
      },
      { name: 'Round trip', track: ({ roundTripMs }) => formatMs(roundTripMs) },
      {
        name: 'Jitter',
        hint: 'Of arrivals, as RTP counts it',
        track: ({ jitterMs }, live) => formatMs(live?.jitterMs ?? jitterMs),
      },
      {
        name: 'Longest without one',
        hint: 'The longest time without a packet; mutes count too',
        track: ({ longestQuietMs }) => formatMs(longestQuietMs),
        all: ({ longestQuietMs }) => formatMs(longestQuietMs),
      },
    ],
  },
  {
    name: 'Timing',
    rows: [
      {
        name: 'Presentation jitter',
        hint: 'How far the step from frame to frame is from the usual one: average and maximum',
        track: ({ presentationJitterMs }) => <AverageAndMaximum {...presentationJitterMs} />,
        all: ({ presentationJitterMs }) => <AverageAndMaximum {...presentationJitterMs} />,
      },
      {
        name: 'Processing per frame',
        hint: 'From the arrival of its last packet until it is in a segment, waiting for lost packets before it included',
        track: ({ processingMicros }) => formatMs(processingMicros / 1000),
        all: ({ processingMicros }) => formatMs(processingMicros / 1000),
      },
    ],
  },
];

export function TracksPanel({ tracks: unordered, totals, live }: TracksPanelProps) {
  const tracks = inSourceOrder(unordered);
  const hasTotals = tracks.length > 1 && totals !== null;
  return (
    <Panel title="Tracks" className="overflow-hidden">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: On a phone it is scrolled sideways, with keys too. */}
      <section aria-label="Figures of the tracks" tabIndex={0} className="overflow-x-auto -outline-offset-2">
        <table className="w-full text-right text-[0.8125rem] [&_td]:px-2.5 [&_td]:py-1 [&_td]:align-baseline [&_td:last-child]:pr-4 [&_th]:px-2.5 [&_th]:align-baseline [&_th]:font-normal [&_th:first-child]:pl-4 [&_th:last-child]:pr-4">
          <thead className="align-bottom">
            <tr className="border-b border-line">
              <th scope="col" className="sticky left-0 bg-surface py-2.5 text-left">
                <span className="sr-only">Figure</span>
              </th>
              {tracks.map((track) => (
                <th key={keyOf(track)} scope="col" className="py-2.5 whitespace-nowrap">
                  <span className="flex items-center justify-end gap-1.5 font-medium">
                    <TrackIcon source={track.source} kind={track.kind} />
                    {sourceNames[track.source]}
                  </span>
                  <span className="figures text-xs text-ink-muted">
                    {formatCodec(track.codec)} {formatFrameSize(track.width, track.height)}
                  </span>
                </th>
              ))}
              {hasTotals && (
                <th scope="col" className="py-2.5 font-medium">
                  All
                </th>
              )}
            </tr>
          </thead>
          {groups.map((group) => (
            <tbody key={group.name} className="figures border-line [&:not(:last-child)]:border-b">
              <tr>
                <th
                  scope="rowgroup"
                  colSpan={tracks.length + (hasTotals ? 2 : 1)}
                  className="pt-3 pb-1 text-left text-xs text-ink-faint"
                >
                  {group.name}
                </th>
              </tr>
              {group.rows.map((row) => (
                <tr key={row.name} className="last:[&>*]:pb-3">
                  <th
                    scope="row"
                    title={row.hint}
                    className="sticky left-0 bg-surface py-1 text-left whitespace-nowrap text-ink-muted"
                  >
                    {row.name}
                  </th>
                  {tracks.map((track) => (
                    <td key={keyOf(track)} className={clsx(row.isWarning?.(track) && 'text-warn-ink')}>
                      {row.track(
                        track,
                        live?.tracks?.find((one) => keyOf(one) === keyOf(track)),
                      )}
                    </td>
                  ))}
                  {hasTotals && (
                    <td className={clsx(row.isWarning?.(totals) ? 'text-warn-ink' : 'text-ink-muted')}>
                      {row.all?.(totals) ?? none}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
      <Resolutions tracks={tracks} />
    </Panel>
  );
}

const none = (
  <span aria-hidden className="text-ink-faint">
    –
  </span>
);

function keyOf({ source, codec }: Pick<RecordingTrack, 'source' | 'codec'>): string {
  return `${source}/${codec}`;
}

/** Sizes a picture had one after the other; most have one, which is at the top of the table. */
function Resolutions({ tracks }: { tracks: readonly RecordingTrack[] }) {
  const changing = tracks.filter((track) => track.resolutions.length > 1);
  if (changing.length === 0) return null;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 border-t border-line px-4 py-3">
      {changing.map((track) => (
        <Fragment key={keyOf(track)}>
          <dt className="text-ink-muted">{sourceNames[track.source]} sizes</dt>
          <dd className="figures flex flex-wrap gap-x-4 gap-y-0.5">
            {track.resolutions.map(({ fromMs, width, height }) => (
              <span key={fromMs}>
                <span className="text-ink-faint">{formatPosition(fromMs)}</span> {formatFrameSize(width, height)}
              </span>
            ))}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** The sum, and what it is made of where it is of more than nothing. */
function Reasons({ counts }: { counts: Readonly<Record<string, number>> }) {
  const reasons = Object.entries(counts).filter(([, count]) => count > 0);
  return (
    <>
      {formatCount(sumOf(counts))}
      {reasons.map(([reason, count]) => (
        <span key={reason} className="block text-xs text-ink-faint">
          {reason} {formatCount(count)}
        </span>
      ))}
    </>
  );
}

function AverageAndMaximum({ average, maximum }: { average: number; maximum: number }) {
  return (
    <>
      {average < 10 ? average.toFixed(2) : Math.round(average)}
      <span className="text-ink-faint"> / {formatMs(maximum)}</span>
    </>
  );
}

/** `0.12 ms`, `3.4 ms`, `120 ms`, `2.4 s`. */
function formatMs(ms: number | undefined): ReactNode {
  if (ms === undefined) return none;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
