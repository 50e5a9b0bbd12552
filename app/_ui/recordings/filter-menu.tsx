'use client';

import { ListFilter as FilterIcon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState, useSyncExternalStore } from 'react';
import { Button } from '../controls/button.tsx';
import { Field, Input, Select } from '../controls/field.tsx';
import { Popover } from '../controls/popover.tsx';
import type { RuleNames } from '../recording/origin-text.ts';
import { shortText } from '../text/visible-text.ts';
import { countFilters, type ListFilter, listHref } from './list-filter.ts';

interface FilterMenuProps {
  filter: ListFilter;
  ruleNames: RuleNames;
}

/** The rarer filters, behind one button that says how many of them are set. */
export function FilterMenu({ filter, ruleNames }: FilterMenuProps) {
  const count = countFilters(filter);
  // Its days are those of the reader's time zone, which the server does not know.
  const inBrowser = useSyncExternalStore(subscribeToNothing, yes, no);
  return (
    <Popover
      trigger={{
        icon: <FilterIcon aria-hidden />,
        children: (
          <>
            Filter
            {count > 0 && (
              <span className="figures rounded-full bg-ink px-1.5 text-xs leading-5 text-canvas">
                {count}
                <span className="sr-only"> set</span>
              </span>
            )}
          </>
        ),
      }}
      label="Filter recordings"
    >
      {(close) =>
        inBrowser && <FilterForm key={listHref(filter)} filter={filter} ruleNames={ruleNames} onDone={close} />
      }
    </Popover>
  );
}

const subscribeToNothing = () => () => {};
const yes = () => true;
const no = () => false;

function FilterForm({ filter, ruleNames, onDone }: FilterMenuProps & { onDone(): void }) {
  const router = useRouter();
  const [started, setStarted] = useState(filter.rule ?? filter.origin ?? '');
  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const text = (name: string) => String(values.get(name) ?? '');
    const origin = (['user', 'api', 'rule'] as const).find((candidate) => candidate === started) ?? null;
    onDone();
    router.push(
      listHref(filter, {
        room: text('room'),
        identity: text('identity'),
        origin,
        rule: origin === null && started !== '' ? started : null,
        from: startOfDay(text('from'), 0),
        // The whole of the last day.
        to: startOfDay(text('to'), 1),
      }),
    );
  };
  return (
    <form onSubmit={apply} className="w-80 max-w-[calc(100vw-2rem)] space-y-3 p-3">
      <Field label="Room" hint="The whole name">
        {(control) => <Input {...control} name="room" defaultValue={filter.room} autoComplete="off" maxLength={4096} />}
      </Field>
      <Field label="Participant" hint="The whole identity">
        {(control) => (
          <Input {...control} name="identity" defaultValue={filter.identity} autoComplete="off" maxLength={4096} />
        )}
      </Field>
      <Field label="Started">
        {(control) => (
          <Select {...control} value={started} onChange={(event) => setStarted(event.target.value)}>
            <option value="">In any way</option>
            <option value="user">By hand</option>
            <option value="api">Over the API</option>
            <option value="rule">By any rule</option>
            {Object.entries(ruleNames).map(([id, name]) => (
              <option key={id} value={id}>
                By rule {shortText(name, 40)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="From">
          {(control) => <Input {...control} type="date" name="from" defaultValue={dayOf(filter.from, 0)} />}
        </Field>
        <Field label="Until">
          {(control) => <Input {...control} type="date" name="to" defaultValue={dayOf(filter.to, -1)} />}
        </Field>
      </div>
      <div className="flex justify-end gap-2 pt-1">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary">
          Show
        </Button>
      </div>
    </form>
  );
}

/** Of a date field, in the reader's time zone. */
function startOfDay(day: string, daysLater: number): Date | null {
  const [year, month, date] = day.split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined) return null;
  return new Date(year, month - 1, date + daysLater);
}

function dayOf(time: Date | null, millisecondsLater: number): string {
  if (time === null) return '';
  const at = new Date(time.getTime() + millisecondsLater);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
