/** The filters of the recordings page, as they stand in its address. */
import {
  createLoader,
  createSerializer,
  type inferParserType,
  parseAsIsoDateTime,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server';
import { type RecordingSort, recordingSorts } from '../../../db/queries/recording-sorts.ts';
import type { Recording } from '../../_control/api.ts';

type Status = Recording['status'];

export const statusGroups = {
  all: { label: 'All', states: null },
  active: { label: 'In progress', states: ['requested', 'starting', 'recording', 'paused', 'finalising'] },
  ready: { label: 'Ready', states: ['ready'] },
  failed: { label: 'Failed', states: ['failed', 'absent'] },
} as const satisfies Record<string, { label: string; states: readonly Status[] | null }>;
export type StatusGroup = keyof typeof statusGroups;
export const statusGroupNames = Object.keys(statusGroups) as StatusGroup[];

export const sortLabels: Record<RecordingSort, string> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  longest: 'Longest first',
  largest: 'Largest first',
  room: 'Room, A to Z',
};

const parsers = {
  status: parseAsStringLiteral(statusGroupNames).withDefault('all'),
  q: parseAsString.withDefault(''),
  room: parseAsString.withDefault(''),
  identity: parseAsString.withDefault(''),
  origin: parseAsStringLiteral(['user', 'api', 'rule']),
  rule: parseAsString,
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  sort: parseAsStringLiteral(recordingSorts).withDefault('newest'),
  cursor: parseAsString,
};

export type ListFilter = inferParserType<typeof parsers>;
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>;

const load = createLoader(parsers);
const serialize = createSerializer(parsers);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is not understood is left out: an old or mistyped address shows a list, never an error. */
export function parseListFilter(params: SearchParams): ListFilter {
  const filter = load({ ...params });
  return {
    ...filter,
    q: filter.q.trim().slice(0, 200),
    room: filter.room.slice(0, 4096),
    identity: filter.identity.slice(0, 4096),
    rule: filter.rule !== null && uuid.test(filter.rule) ? filter.rule : null,
    from: orNull(filter.from),
    to: orNull(filter.to),
    cursor: filter.cursor?.slice(0, 1000) ?? null,
  };
}

/** Years that a database takes. */
function orNull(time: Date | null): Date | null {
  const year = time?.getUTCFullYear() ?? Number.NaN;
  return year >= 1970 && year < 10_000 ? time : null;
}

/** Another filter or order begins with its first page. */
export function listHref(filter: ListFilter, change: Partial<ListFilter> = {}): string {
  return serialize('/recordings', { ...filter, cursor: null, ...change });
}

export const noFilter = parseListFilter({});

/** How many filters are set, the status and the search left out: those can be seen. */
export function countFilters({ room, identity, origin, rule, from, to }: ListFilter): number {
  return [room !== '', identity !== '', origin !== null || rule !== null, from !== null || to !== null].filter(Boolean)
    .length;
}

export function isFiltered(filter: ListFilter): boolean {
  return countFilters(filter) > 0 || filter.status !== 'all' || filter.q !== '';
}

/** As `GET /api/v1/recordings` takes it. */
export function toQuery({ status, q, room, identity, origin, rule, from, to, sort, cursor }: ListFilter) {
  const states = statusGroups[status].states;
  return {
    status: states === null ? undefined : [...states],
    q: q || undefined,
    room: room || undefined,
    identity: identity || undefined,
    origin: origin ?? undefined,
    ruleId: rule ?? undefined,
    from: from?.toISOString(),
    to: to?.toISOString(),
    sort,
    cursor: cursor ?? undefined,
  };
}

type Filtered = Pick<Recording, 'room' | 'identity' | 'status' | 'origin' | 'ruleId' | 'requestedAt'>;

/** Whether a recording that arrives while the page is open belongs on it; the database says the same by SQL. */
export function matchesFilter(recording: Filtered, filter: ListFilter): boolean {
  const states: readonly Status[] | null = statusGroups[filter.status].states;
  const time = Date.parse(recording.requestedAt);
  return (
    (states === null || states.includes(recording.status)) &&
    (filter.room === '' || recording.room === filter.room) &&
    (filter.identity === '' || recording.identity === filter.identity) &&
    (filter.origin === null || recording.origin === filter.origin) &&
    (filter.rule === null || recording.ruleId === filter.rule) &&
    (filter.from === null || time >= filter.from.getTime()) &&
    (filter.to === null || time < filter.to.getTime()) &&
    [recording.room, recording.identity].some((name) => containsText(name.toLowerCase(), filter.q.toLowerCase()))
  );
}

function containsText(name: string, text: string): boolean {
  return [...text].length > 2 ? name.includes(text) : name.startsWith(text) || name.includes(` ${text}`);
}
