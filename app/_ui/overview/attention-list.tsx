'use client';

import clsx from 'clsx';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useId } from 'react';
import { Button } from '../controls/button.tsx';
import { AnyText } from '../text/any-text.tsx';
import { LocalTime } from '../text/local-time.tsx';
import { visibleText } from '../text/visible-text.ts';
import type { Attention, AttentionSubject } from './find-attention.ts';

const shownAtMost = 3;

interface AttentionListProps {
  items: readonly Attention[];
  onDismiss(until: string): void;
}

/** Always in the page, so that what appears in it is read out. */
export function AttentionList({ items, onDismiss }: AttentionListProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} aria-live="polite" className={clsx(items.length === 0 && 'sr-only')}>
      <h2 id={id} className="sr-only">
        Needs attention
      </h2>
      <ul className="overflow-hidden rounded-xl border border-line bg-surface">
        {items.map((item) => (
          <Item key={item.key} item={item} onDismiss={onDismiss} />
        ))}
      </ul>
    </section>
  );
}

function Item({ item, onDismiss }: { item: Attention; onDismiss(until: string): void }) {
  const { tone, title, text, since, about, dismissAt } = item;
  const isBad = tone === 'bad';
  const Icon = isBad ? CircleAlert : TriangleAlert;
  const more = about.length - shownAtMost;
  return (
    <li
      className={clsx(
        'flex flex-wrap items-start gap-x-3 gap-y-1 border-t border-l-2 border-t-line px-4 py-2 first:border-t-0',
        isBad ? 'border-l-live' : 'border-l-warn',
      )}
    >
      <Icon aria-hidden className={clsx('mt-0.5 size-4 shrink-0', isBad ? 'text-live-ink' : 'text-warn-ink')} />
      <div className="min-w-0 flex-1 basis-52">
        <p className="text-ink-muted">
          <span className={clsx('mr-2 font-medium', isBad ? 'text-live-ink' : 'text-warn-ink')}>
            {title}
            {since !== undefined && (
              <>
                {' '}
                since <LocalTime at={since} shape="clock" />
              </>
            )}
          </span>
          {text}
        </p>
        {about.length > 0 && (
          <ul className="mt-0.5">
            {about.slice(0, shownAtMost).map((subject) => (
              <Subject key={subject.id} subject={subject} />
            ))}
            {more > 0 && <li className="text-ink-muted">and {more} more</li>}
          </ul>
        )}
      </div>
      {dismissAt !== undefined && (
        <Button size="small" look="quiet" className="-my-1.5" onClick={() => onDismiss(dismissAt)}>
          Dismiss
        </Button>
      )}
    </li>
  );
}

/** On one line where there is room, else the reason below the name. */
function Subject({ subject }: { subject: AttentionSubject }) {
  const { href, name, place, text, linkText } = subject;
  return (
    <li className="flex min-w-0 flex-wrap gap-x-2 sm:flex-nowrap">
      <Link
        href={href}
        className="flex max-w-full min-w-0 shrink-0 gap-1.5 underline-offset-4 hover:underline sm:max-w-[55%]"
      >
        <AnyText text={name} className="font-medium" />
        {place !== undefined && <AnyText text={place} className="text-ink-muted" />}
      </Link>
      {text !== '' && (
        <span className="any-text line-clamp-2 min-w-0 text-ink-muted sm:line-clamp-1" title={text}>
          {visibleText(text)}
        </span>
      )}
      {linkText !== undefined && (
        <Link href={href} className="shrink-0 text-accent underline-offset-4 hover:underline">
          {linkText}
        </Link>
      )}
    </li>
  );
}
