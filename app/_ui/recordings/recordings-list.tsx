'use client';

import { ArrowUp, ChevronLeft, ChevronRight } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useCallback, useMemo, useRef, useState, useTransition } from 'react';
import type { DeletedRecording } from '../../_control/recordings-api.ts';
import { Button, ButtonLink } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { shortText } from '../text/visible-text.ts';
import { type ListFilter, listHref, sortLabels } from './list-filter.ts';
import type { ListedRecording } from './listed-recording.ts';
import { NoRecordings } from './no-recordings.tsx';
import { RecordingRow } from './recording-row.tsx';
import { among, nothingSelected, type Selection, selectTo, toggle, toggleAll } from './selection.ts';
import { SelectionBar } from './selection-bar.tsx';
import { useArrivals } from './use-arrivals.ts';
import { useListKeys } from './use-list-keys.ts';

/** Loaded with the first selection: its dialog is a third of what the page would load otherwise. */
const DeleteSelected = dynamic(async () => (await import('./delete-selected.tsx')).DeleteSelected, { ssr: false });

interface RecordingsListProps {
  rendered: readonly ListedRecording[];
  nextCursor: string | null;
  filter: ListFilter;
}

/**
 * The page as the server read it, each row brought up to date in its place: nothing moves under the pointer. What is new is
 * counted above the list until somebody asks for it.
 */
export function RecordingsList({ rendered, nextCursor, filter }: RecordingsListProps) {
  const arrivals = useArrivals(rendered, filter);
  // Nothing is there that could jump.
  const rows = rendered.length === 0 ? arrivals : rendered;
  const order = useMemo(() => rows.map(({ id }) => id), [rows]);
  const [chosen, setSelection] = useState<Selection>(nothingSelected);
  const selection = useMemo(() => among(chosen, order), [chosen, order]);
  const [deleting, setDeleting] = useState(false);
  const [refused, setRefused] = useState<readonly DeletedRecording[]>([]);
  const table = useRef<HTMLTableElement>(null);

  const select = useCallback(
    (id: string, how: 'toggle' | 'range') =>
      setSelection((before) => (how === 'range' ? selectTo(before, id, order) : toggle(before, id))),
    [order],
  );
  const clear = useCallback(() => setSelection(nothingSelected), []);
  useListKeys(table, { select, clear });

  if (rows.length === 0) return <NoRecordings filter={filter} />;
  const selected = rows.filter(({ id }) => selection.ids.has(id));
  return (
    <>
      <Refused refused={refused} rows={rows} />
      <div className="relative">
        {rendered.length > 0 && arrivals.length > 0 && <ShowArrivals count={arrivals.length} />}
        <table
          ref={table}
          className="block w-full overflow-hidden rounded-xl border border-line bg-surface lg:table lg:table-fixed lg:border-separate lg:border-spacing-0"
        >
          <caption className="sr-only">Recordings, {sortLabels[filter.sort].toLowerCase()}</caption>
          <thead className="block border-b border-line lg:table-header-group lg:border-0">
            <tr className="flex items-center text-left text-xs text-ink-faint lg:table-row [&>th]:px-2 [&>th]:py-2 [&>th]:font-medium [&>th:first-child]:pl-3 lg:[&>th:first-child]:pl-4 [&>th:last-child]:pr-4">
              <th scope="col" className="lg:w-10">
                <SelectAll selection={selection} order={order} onChange={setSelection} />
              </th>
              <th scope="col" className="sr-only lg:not-sr-only lg:w-28">
                <span className="sr-only">Picture</span>
              </th>
              <th scope="col" className="sr-only lg:not-sr-only">
                Participant
              </th>
              <th scope="col" className="sr-only lg:not-sr-only lg:w-40">
                When
              </th>
              <th scope="col" className="sr-only text-right lg:not-sr-only lg:w-20">
                Duration
              </th>
              <th scope="col" className="sr-only text-right lg:hidden xl:not-sr-only xl:table-cell xl:w-20">
                Size
              </th>
              <th scope="col" className="hidden pl-6! xl:table-cell xl:w-36">
                Codecs
              </th>
              <th scope="col" className="sr-only text-right lg:not-sr-only lg:w-28">
                Status
              </th>
            </tr>
          </thead>
          <tbody className="block divide-y divide-line lg:table-row-group">
            {rows.map((recording) => (
              <RecordingRow
                key={recording.id}
                recording={recording}
                selected={selection.ids.has(recording.id)}
                onSelect={select}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Pages filter={filter} nextCursor={nextCursor} />
      {selected.length > 0 && (
        <>
          <SelectionBar selected={selected} onClear={clear} onDelete={() => setDeleting(true)} />
          <DeleteSelected open={deleting} onOpenChange={setDeleting} selected={selected} onDone={setRefused} />
        </>
      )}
    </>
  );
}

interface SelectAllProps {
  selection: Selection;
  order: readonly string[];
  onChange(selection: Selection): void;
}

function SelectAll({ selection, order, onChange }: SelectAllProps) {
  const all = selection.ids.size === order.length;
  return (
    <label className="flex items-center gap-3 py-1 lg:py-0">
      <input
        type="checkbox"
        checked={all}
        ref={(element) => {
          if (element) element.indeterminate = selection.ids.size > 0 && !all;
        }}
        onChange={() => onChange(toggleAll(selection, order))}
        className="size-4 rounded"
      />
      <span className="lg:sr-only">Select all {order.length}</span>
    </label>
  );
}

/** Over the list's upper edge: it takes no room, so nothing moves when it comes. */
function ShowArrivals({ count }: { count: number }) {
  const router = useRouter();
  const [pending, startRefresh] = useTransition();
  return (
    <Button
      look="primary"
      size="small"
      pending={pending}
      icon={<ArrowUp aria-hidden />}
      onClick={() => startRefresh(() => router.refresh())}
      className="absolute -top-4 left-1/2 z-10 -translate-x-1/2 rounded-full shadow-md"
    >
      {count} new
    </Button>
  );
}

function Refused({ refused, rows }: { refused: readonly DeletedRecording[]; rows: readonly ListedRecording[] }) {
  if (refused.length === 0) return null;
  const nameOf = (id: string) => shortText(rows.find((row) => row.id === id)?.identity ?? id);
  return (
    <div className="mb-4">
      <Notice tone="warn" title={refused.length === 1 ? '1 was not deleted' : `${refused.length} were not deleted`}>
        <ul>
          {refused.map(({ id, detail }) => (
            <li key={id}>
              <bdi className="font-medium">{nameOf(id)}</bdi>: {detail}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function Pages({ filter, nextCursor }: { filter: ListFilter; nextCursor: string | null }) {
  return (
    <div className="mt-4 flex min-h-8 flex-wrap items-center justify-between gap-2">
      <p className="hidden text-xs text-ink-faint pointer-fine:lg:block">
        <Keys keys={['j', 'k']} /> move <Keys keys={['x']} /> select <Keys keys={['Enter']} /> open{' '}
        <Keys keys={['/']} /> search
      </p>
      {(filter.cursor !== null || nextCursor !== null) && (
        <nav aria-label="Pages" className="ml-auto flex w-full justify-between gap-2 lg:w-auto">
          {filter.cursor !== null && (
            <ButtonLink size="small" href={listHref(filter)} icon={<ChevronLeft aria-hidden />}>
              First page
            </ButtonLink>
          )}
          {nextCursor !== null && (
            <ButtonLink size="small" href={listHref(filter, { cursor: nextCursor })} className="ml-auto">
              Next page
              <ChevronRight aria-hidden />
            </ButtonLink>
          )}
        </nav>
      )}
    </div>
  );
}

function Keys({ keys }: { keys: readonly string[] }) {
  return keys.map((key) => (
    <kbd
      key={key}
      className="ml-2 inline-block min-w-5 rounded border border-line-strong bg-surface px-1 text-center font-mono text-[0.6875rem] leading-4 text-ink-muted first:ml-0"
    >
      {key}
    </kbd>
  ));
}
