import { Film, SearchX } from 'lucide-react';
import { ButtonLink } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { isFiltered, type ListFilter, listHref, noFilter } from './list-filter.ts';

/** Nothing yet, nothing that matches, or a page after the last one: each says what to do. */
export function NoRecordings({ filter }: { filter: ListFilter }) {
  if (isFiltered(filter)) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title="No recording matches"
        actions={<ButtonLink href={listHref(noFilter, { sort: filter.sort })}>Clear filters</ButtonLink>}
      >
        {filter.q === ''
          ? 'No recording has all of what the filters say.'
          : 'No room or participant has this text, within the filters.'}
      </EmptyState>
    );
  }
  if (filter.cursor !== null) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title="Nothing on this page"
        actions={<ButtonLink href={listHref(filter)}>First page</ButtonLink>}
      >
        What was here has been deleted.
      </EmptyState>
    );
  }
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
