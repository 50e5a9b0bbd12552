import type { Metadata } from 'next';
import { listRecordings, requireSession } from '../../_control/pages.ts';
import { PageHeader } from '../../_ui/controls/page-header.tsx';
import { FilterBar } from '../../_ui/recordings/filter-bar.tsx';
import { parseListFilter, type SearchParams, statusGroups } from '../../_ui/recordings/list-filter.ts';
import { RecordingsList } from '../../_ui/recordings/recordings-list.tsx';

export const metadata: Metadata = { title: 'Recordings' };

export default async function RecordingsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const filter = parseListFilter(await searchParams);
  const states = statusGroups[filter.group].states;
  const page = await listRecordings({
    status: states === null ? undefined : [...states],
    q: filter.q || undefined,
    cursor: filter.cursor ?? undefined,
    limit: 50,
  });
  return (
    <>
      <PageHeader title="Recordings" />
      <FilterBar filter={filter} />
      <RecordingsList rendered={page.items} nextCursor={page.nextCursor} filter={filter} />
    </>
  );
}
