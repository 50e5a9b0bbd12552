import clsx from 'clsx';
import type { Recording } from '../../_control/api.ts';
import { Panel } from '../controls/panel.tsx';
import { formatBytes, formatCodec, formatCount, formatFrameSize } from '../text/format.ts';
import { inSourceOrder, sourceNames, TrackIcon } from './track-icon.tsx';

type Track = Recording['tracks'][number];

interface TracksPanelProps {
  tracks: readonly Track[];
  /** False while it is recorded: the counters of each track come with the end. */
  counted: boolean;
}

export function TracksPanel({ tracks, counted }: TracksPanelProps) {
  return (
    <Panel title="Tracks">
      <div className="overflow-x-auto">
        <table
          className={clsx(
            counted && 'min-w-[36rem]',
            'w-full text-right [&_td]:px-3 [&_td]:py-2.5 [&_td:first-child]:pl-4 [&_td:last-child]:pr-4 [&_th]:px-3 [&_th]:py-2 [&_th]:font-medium [&_th:first-child]:pl-4 [&_th:last-child]:pr-4',
          )}
        >
          <thead>
            <tr className="border-b border-line text-xs text-ink-faint">
              <th scope="col" className="text-left">
                Source
              </th>
              <th scope="col" className="text-left">
                Codec
              </th>
              {counted && (
                <>
                  <th scope="col">Frames</th>
                  <th scope="col">Size</th>
                  <th scope="col">Packets</th>
                  <th scope="col">Repaired</th>
                  <th scope="col">Lost</th>
                  <th scope="col">Dropped</th>
                </>
              )}
            </tr>
          </thead>
          <tbody className="figures divide-y divide-line">
            {inSourceOrder(tracks).map((track) => (
              <tr key={`${track.medium}/${track.source}/${track.codec}`}>
                <td className="text-left">
                  <span className="flex items-center gap-2">
                    <TrackIcon source={track.source} kind={track.kind} />
                    {sourceNames[track.source]}
                  </span>
                </td>
                <td className="text-left">
                  {formatCodec(track.codec)}{' '}
                  <span className="text-ink-muted">{formatFrameSize(track.width, track.height)}</span>
                </td>
                {counted && (
                  <>
                    <td>{formatCount(track.frames)}</td>
                    <td>{formatBytes(track.sizeBytes)}</td>
                    <td>{formatCount(track.packetsReceived)}</td>
                    <td>{formatCount(track.packetsRepaired)}</td>
                    <td className={track.packetsLost > 0 ? 'text-warn-ink' : undefined}>
                      {formatCount(track.packetsLost)}
                    </td>
                    <td title={dropReasons(track)}>{formatCount(sum(Object.values(track.framesDropped)))}</td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function dropReasons(track: Track): string {
  return Object.entries(track.framesDropped)
    .map(([reason, count]) => `${reason}: ${count}`)
    .join(', ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
