'use client';

import clsx from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';

interface SettingsNavigationProps {
  places: readonly { href: string; label: string }[];
  /** Of the place that somebody should look at, if there is one. */
  attention: string | undefined;
}

/** Beside the page in a wide window; in a narrow one a strip above it, which shows the place one is at. */
export function SettingsNavigation({ places, attention }: SettingsNavigationProps) {
  const pathname = usePathname();
  const strip = useRef<HTMLUListElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another path is another current place.
  useEffect(() => {
    const list = strip.current;
    const here = list?.querySelector<HTMLElement>('[aria-current=page]');
    if (!list || !here) return;
    // Never the page itself, which scrollIntoView would move too.
    list.scrollLeft = here.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  }, [pathname]);

  return (
    <nav aria-label="Settings" className="min-w-0">
      <ul
        ref={strip}
        className={clsx(
          'relative -mx-4 flex gap-1 overflow-x-auto px-4 pb-1 [scrollbar-width:none] md:-mx-8 md:px-8',
          'lg:sticky lg:top-8 lg:mx-0 lg:flex-col lg:gap-0.5 lg:overflow-visible lg:px-0',
        )}
      >
        {places.map(({ href, label }) => {
          const here = pathname.startsWith(href);
          return (
            <li key={href} className="shrink-0">
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                className={clsx(
                  'flex h-8 items-center rounded-lg px-3 font-medium whitespace-nowrap pointer-coarse:h-10',
                  here ? 'bg-hover text-ink' : 'text-ink-muted hover:bg-hover hover:text-ink',
                )}
              >
                {label}
                {href === attention && (
                  <span className="ml-2 size-1.5 rounded-full bg-live">
                    <span className="sr-only">needs attention</span>
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
