'use client';

import clsx from 'clsx';
import { LoaderCircle, Search } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import { Input } from '../controls/field.tsx';
import { type ListFilter, listHref, type StatusGroup, statusGroups } from './list-filter.ts';

const searchDelayMs = 250;

/** The address is the state: each filter is a link, the search a form that also works without script. */
export function FilterBar({ filter }: { filter: ListFilter }) {
  return (
    <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
      <nav aria-label="Filter by status" className="flex max-w-full overflow-x-auto rounded-lg bg-sunken p-0.5">
        {(Object.keys(statusGroups) as StatusGroup[]).map((group) => (
          <Link
            key={group}
            href={listHref({ group, q: filter.q })}
            aria-current={group === filter.group ? 'true' : undefined}
            className={clsx(
              'rounded-[0.4375rem] border px-3 py-1 text-[0.8125rem] font-medium whitespace-nowrap pointer-coarse:py-2',
              group === filter.group
                ? 'border-line bg-surface text-ink shadow-xs'
                : 'border-transparent text-ink-muted hover:text-ink',
            )}
          >
            {statusGroups[group].label}
          </Link>
        ))}
      </nav>
      <SearchField key={filter.group} filter={filter} />
    </div>
  );
}

function SearchField({ filter }: { filter: ListFilter }) {
  const router = useRouter();
  const [text, setText] = useState(filter.q);
  const [searching, startSearch] = useTransition();
  const asked = useRef(filter.q);

  // Back and forward change the address under the field.
  useEffect(() => {
    if (filter.q === asked.current) return;
    asked.current = filter.q;
    setText(filter.q);
  }, [filter.q]);

  useEffect(() => {
    const q = text.trim();
    if (q === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = q;
      startSearch(() => router.replace(listHref({ group: filter.group, q }), { scroll: false }));
    }, searchDelayMs);
    return () => clearTimeout(timer);
  }, [text, filter.group, router]);

  return (
    <search className="w-full sm:w-64">
      <form className="relative" action="/recordings" onSubmit={(event) => event.preventDefault()}>
        {filter.group !== 'all' && <input type="hidden" name="status" value={filter.group} />}
        <span className="pointer-events-none absolute inset-y-0 left-3 grid place-items-center text-ink-faint">
          {searching ? (
            <LoaderCircle aria-hidden className="size-4 animate-turn" />
          ) : (
            <Search aria-hidden className="size-4" />
          )}
        </span>
        <Input
          type="search"
          name="q"
          aria-label="Search room or participant"
          placeholder="Search room or participant"
          maxLength={200}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="pl-9"
        />
      </form>
    </search>
  );
}
