'use client';

import { ChevronLeft, ChevronRight, Film, SearchX } from 'lucide-react';
import { useMemo } from 'react';
import type { Recording } from '../../_control/api.ts';
import { ButtonLink } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import type { LiveSnapshot } from '../live/live-store.ts';
import { newerRecording } from '../live/newer-recording.ts';
import { useLive } from '../live/use-live.ts';
import { newestFirst } from '../recording/recording-states.ts';
import { type ListFilter, listHref, matchesFilter } from './list-filter.ts';
import { RecordingRow } from './recording-row.tsx';

interface RecordingsListProps {
  rendered: readonly Recording[];
  nextCursor: string | null;
  filter: ListFilter;
}

const recordingsOf = (live: LiveSnapshot) => live.recordings;
const deletedOf = (live: LiveSnapshot) => live.deleted;

/**
 * The page as the server read it, brought up to date in place. New ones appear on top of the first page only; what
 * no longer matches the filter stays until the next reading, so that nothing vanishes under the pointer.
 */
export function RecordingsList({ rendered, nextCursor, filter }: RecordingsListProps) {
  const changed = useLive(recordingsOf);
  const deleted = useLive(deletedOf);

  const recordings = useMemo(() => {
    const byId = new Map(
      rendered.map((recording) => [recording.id, newerRecording(recording, changed.get(recording.id))]),
    );
    const oldest = rendered.at(-1);
    for (const recording of changed.values()) {
      const belongsHere = nextCursor === null || oldest === undefined || newestFirst(recording, oldest) < 0;
      if (filter.cursor === null && belongsHere && !byId.has(recording.id) && matchesFilter(recording, filter)) {
        byId.set(recording.id, recording);
      }
    }
    for (const id of deleted) byId.delete(id);
    return [...byId.values()].sort(newestFirst);
  }, [rendered, changed, deleted, filter, nextCursor]);

  if (recordings.length === 0) return <NothingHere filter={filter} />;
  return (
    <>
      <div className="overflow-hidden rounded-xl border border-line bg-surface">
        <table className="block w-full md:table md:table-fixed">
          <caption className="sr-only">Recordings, newest first</caption>
          <thead className="sr-only md:not-sr-only md:table-header-group">
            <tr className="border-b border-line text-left text-xs text-ink-faint [&>th]:px-2 [&>th]:py-2.5 [&>th]:font-medium [&>th:first-child]:pl-4 [&>th:last-child]:pr-4">
              <th scope="col">Participant</th>
              <th scope="col" className="w-[22%]">
                Room
              </th>
              <th scope="col" className="w-40">
                When
              </th>
              <th scope="col" className="w-20 text-right">
                Duration
              </th>
              <th scope="col" className="w-20 text-right">
                Size
              </th>
              <th scope="col" className="hidden w-32 pl-6! lg:table-cell">
                Codecs
              </th>
              <th scope="col" className="w-32 text-right">
                Status
              </th>
            </tr>
          </thead>
          <tbody className="block divide-y divide-line md:table-row-group">
            {recordings.map((recording) => (
              <RecordingRow key={recording.id} recording={recording} />
            ))}
          </tbody>
        </table>
      </div>
      {(filter.cursor !== null || nextCursor !== null) && (
        <nav aria-label="Pages" className="mt-4 flex justify-between gap-2">
          {filter.cursor !== null ? (
            <ButtonLink size="small" href={listHref({ ...filter, cursor: null })} icon={<ChevronLeft aria-hidden />}>
              Newest
            </ButtonLink>
          ) : (
            <span />
          )}
          {nextCursor !== null && (
            <ButtonLink size="small" href={listHref({ ...filter, cursor: nextCursor })}>
              Older
              <ChevronRight aria-hidden />
            </ButtonLink>
          )}
        </nav>
      )}
    </>
  );
}

function NothingHere({ filter }: { filter: ListFilter }) {
  if (filter.group === 'all' && filter.q === '' && filter.cursor === null) {
    return (
      <EmptyState
        icon={<Film aria-hidden />}
        title="No recordings yet"
        actions={
          <>
            <ButtonLink look="primary" href="/">
              See who is live
            </ButtonLink>
            <ButtonLink href="/rules">Make a rule</ButtonLink>
          </>
        }
      >
        Press Record beside a participant in the overview, or make a rule that records them as they join.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<SearchX aria-hidden />}
      title="Nothing matches"
      actions={<ButtonLink href="/recordings">Show all recordings</ButtonLink>}
    >
      No recording has this status and this text in its room or identity.
    </EmptyState>
  );
}
