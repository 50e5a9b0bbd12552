import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { listRecordings, listRules, requireSession } from '../../_control/pages.ts';
import { ProblemError } from '../../_control/problem-error.ts';
import { PageHeader } from '../../_ui/controls/page-header.tsx';
import { ruleNamesOf } from '../../_ui/recording/origin-text.ts';
import { FilterBar } from '../../_ui/recordings/filter-bar.tsx';
import {
  type ListFilter,
  listHref,
  parseListFilter,
  type SearchParams,
  toQuery,
} from '../../_ui/recordings/list-filter.ts';
import { listed } from '../../_ui/recordings/listed-recording.ts';
import { RecordingsList } from '../../_ui/recordings/recordings-list.tsx';

export const metadata: Metadata = { title: 'Recordings' };

const rowsPerPage = 50;

export default async function RecordingsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const filter = parseListFilter(await searchParams);
  const [page, rules] = await Promise.all([readPage(filter), listRules()]);
  return (
    <>
      <PageHeader title="Recordings" />
      <FilterBar filter={filter} ruleNames={ruleNamesOf(rules)} />
      <RecordingsList
        // What is selected belongs to a page.
        key={listHref(filter, { cursor: filter.cursor })}
        rendered={page.items.map(listed)}
        nextCursor={page.nextCursor}
        filter={filter}
      />
    </>
  );
}

async function readPage(filter: ListFilter) {
  try {
    return await listRecordings({ ...toQuery(filter), limit: rowsPerPage });
  } catch (error) {
    // A cursor of an old or mistyped address.
    if (error instanceof ProblemError && error.status === 400) redirect(listHref(filter));
    throw error;
  }
}
