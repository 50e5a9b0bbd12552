'use client';

import clsx from 'clsx';
import { LoaderCircle, Search } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import { recordingSorts } from '../../../db/queries/recording-sorts.ts';
import { Input, Select } from '../controls/field.tsx';
import type { RuleNames } from '../recording/origin-text.ts';
import { FilterChips } from './filter-chips.tsx';
import { FilterMenu } from './filter-menu.tsx';
import { type ListFilter, listHref, sortLabels, statusGroupNames, statusGroups } from './list-filter.ts';

const searchDelayMs = 250;

/** The address is the state: each filter is a link to another one, so that it can be kept, shared and gone back to. */
export function FilterBar({ filter, ruleNames }: { filter: ListFilter; ruleNames: RuleNames }) {
  const router = useRouter();
  return (
    <div className="mb-4 space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField filter={filter} />
        <nav
          aria-label="Filter by status"
          className="order-last flex w-full overflow-x-auto rounded-lg bg-sunken p-0.5 sm:order-none sm:w-auto"
        >
          {statusGroupNames.map((status) => (
            <Link
              key={status}
              href={listHref(filter, { status })}
              aria-current={status === filter.status ? 'true' : undefined}
              className={clsx(
                'grow rounded-[0.4375rem] border px-2.5 py-1 text-center text-[0.8125rem] font-medium whitespace-nowrap sm:px-3 pointer-coarse:py-2',
                status === filter.status
                  ? 'border-line bg-surface text-ink shadow-xs'
                  : 'border-transparent text-ink-muted hover:text-ink',
              )}
            >
              {statusGroups[status].label}
            </Link>
          ))}
        </nav>
        <div className="flex grow gap-2 sm:ml-auto sm:grow-0">
          <FilterMenu filter={filter} ruleNames={ruleNames} />
          <Select
            aria-label="Order"
            value={filter.sort}
            onChange={({ target }) =>
              router.push(listHref(filter, { sort: recordingSorts.find((sort) => sort === target.value) }))
            }
            className="w-40! grow sm:grow-0"
          >
            {recordingSorts.map((sort) => (
              <option key={sort} value={sort}>
                {sortLabels[sort]}
              </option>
            ))}
          </Select>
        </div>
      </div>
      <FilterChips filter={filter} ruleNames={ruleNames} />
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
      startSearch(() => router.replace(listHref(filter, { q }), { scroll: false }));
    }, searchDelayMs);
    return () => clearTimeout(timer);
  }, [text, filter, router]);

  return (
    <search className="min-w-0 grow basis-full xl:basis-52">
      <form className="relative" action="/recordings" onSubmit={(event) => event.preventDefault()}>
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
          onKeyDown={(event) => event.key === 'Escape' && text === '' && event.currentTarget.blur()}
          className="pl-9"
        />
      </form>
    </search>
  );
}
