import { X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { RuleNames } from '../recording/origin-text.ts';
import { LocalTime } from '../text/local-time.tsx';
import { shortText } from '../text/visible-text.ts';
import { countFilters, type ListFilter, listHref, noFilter } from './list-filter.ts';

/** What the menu has set, each with a way to take it off. */
export function FilterChips({ filter, ruleNames }: { filter: ListFilter; ruleNames: RuleNames }) {
  if (countFilters(filter) === 0) return null;
  const { room, identity, origin, rule, from, to } = filter;
  return (
    <ul aria-label="Filters" className="flex flex-wrap items-center gap-2">
      {room !== '' && (
        <Chip name="Room" href={listHref(filter, { room: '' })}>
          <bdi>{shortText(room, 40)}</bdi>
        </Chip>
      )}
      {identity !== '' && (
        <Chip name="Participant" href={listHref(filter, { identity: '' })}>
          <bdi>{shortText(identity, 40)}</bdi>
        </Chip>
      )}
      {(origin !== null || rule !== null) && (
        <Chip name="Started" href={listHref(filter, { origin: null, rule: null })}>
          {originText(filter, ruleNames)}
        </Chip>
      )}
      {(from !== null || to !== null) && (
        <Chip name="When" href={listHref(filter, { from: null, to: null })}>
          {from !== null && (
            <>
              from <LocalTime at={from.toISOString()} shape="day" />{' '}
            </>
          )}
          {to !== null && (
            <>
              until <LocalTime at={new Date(to.getTime() - 1).toISOString()} shape="day" />
            </>
          )}
        </Chip>
      )}
      <li>
        <Link
          href={listHref(noFilter, { sort: filter.sort })}
          className="rounded px-1 py-1 text-xs font-medium text-ink-muted underline decoration-line-strong underline-offset-3 hover:text-ink pointer-coarse:py-3"
        >
          Clear filters
        </Link>
      </li>
    </ul>
  );
}

function originText({ origin, rule }: ListFilter, ruleNames: RuleNames): string {
  if (rule !== null) return `by rule ${shortText(ruleNames[rule] ?? 'that is deleted', 40)}`;
  return origin === 'user' ? 'by hand' : origin === 'api' ? 'over the API' : 'by a rule';
}

function Chip({ name, href, children }: { name: string; href: string; children: ReactNode }) {
  return (
    <li className="flex max-w-full items-center rounded-full border border-line-strong bg-surface pl-3 text-xs">
      <span className="min-w-0 truncate py-1">
        <span className="text-ink-muted">{name}</span> {children}
      </span>
      <Link
        href={href}
        aria-label={`Take off the filter ${name}`}
        className="grid size-7 shrink-0 place-items-center rounded-full text-ink-muted hover:text-ink pointer-coarse:size-10"
      >
        <X aria-hidden className="size-3.5" />
      </Link>
    </li>
  );
}
