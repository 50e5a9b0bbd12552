import type { Recording } from '../../_control/api.ts';

type Status = Recording['status'];

/** The filters of the recordings page, as they stand in its address. */
export const statusGroups = {
  all: { label: 'All', states: null },
  active: { label: 'In progress', states: ['requested', 'starting', 'recording', 'paused', 'finalising'] },
  ready: { label: 'Ready', states: ['ready'] },
  failed: { label: 'Failed', states: ['failed', 'absent'] },
} as const satisfies Record<string, { label: string; states: readonly Status[] | null }>;
export type StatusGroup = keyof typeof statusGroups;

export interface ListFilter {
  group: StatusGroup;
  q: string;
  cursor: string | null;
}

export type SearchParams = Readonly<Record<string, string | string[] | undefined>>;

/** What is not understood is left out: an old or mistyped address shows a list, never an error. */
export function parseListFilter(params: SearchParams): ListFilter {
  const text = (name: string) => {
    const value = params[name];
    return (Array.isArray(value) ? value[0] : value) ?? '';
  };
  const status = text('status');
  return {
    group: Object.hasOwn(statusGroups, status) ? (status as StatusGroup) : 'all',
    q: text('q').trim().slice(0, 200),
    cursor: text('cursor').slice(0, 200) || null,
  };
}

export function listHref(filter: Partial<ListFilter>): string {
  const params = new URLSearchParams();
  if (filter.group && filter.group !== 'all') params.set('status', filter.group);
  if (filter.q) params.set('q', filter.q);
  if (filter.cursor) params.set('cursor', filter.cursor);
  const query = params.toString();
  return query === '' ? '/recordings' : `/recordings?${query}`;
}

/** Whether a recording that arrives while the page is open belongs on it; the database says the same by SQL. */
export function matchesFilter(recording: Recording, filter: ListFilter): boolean {
  const states: readonly Status[] | null = statusGroups[filter.group].states;
  if (states !== null && !states.includes(recording.status)) return false;
  const q = filter.q.toLowerCase();
  return q === '' || recording.room.toLowerCase().includes(q) || recording.identity.toLowerCase().includes(q);
}
