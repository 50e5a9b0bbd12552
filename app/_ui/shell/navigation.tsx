'use client';

import clsx from 'clsx';
import { Braces, Film, ListFilter, type LucideIcon, Radio, Settings } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

/** `short`: where five of them share the width of a phone. */
const places = [
  { href: '/', label: 'Overview', Icon: Radio },
  { href: '/recordings', label: 'Recordings', Icon: Film },
  { href: '/rules', label: 'Rules', Icon: ListFilter },
  { href: '/settings', label: 'Settings', Icon: Settings },
  { href: '/api-reference', label: 'API reference', short: 'API', Icon: Braces },
] satisfies { href: string; label: string; short?: string; Icon: LucideIcon }[];

/** At the side of a wide window, under the thumb of a narrow one. */
export function Navigation() {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Main"
      className={clsx(
        'fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]',
        'md:static md:flex-col md:gap-0.5 md:border-0 md:bg-transparent md:pb-0',
      )}
    >
      {places.map(({ href, label, short, Icon }) => {
        const here = href === '/' ? pathname === '/' : pathname.startsWith(href);
        return (
          <Link
            key={href}
            href={href}
            aria-current={here ? 'page' : undefined}
            className={clsx(
              'flex min-w-0 flex-1 flex-col items-center gap-1 py-2 text-[0.6875rem] font-medium',
              'md:flex-none md:flex-row md:gap-2.5 md:rounded-lg md:px-2.5 md:py-1.5 md:text-sm',
              here ? 'text-ink md:bg-hover' : 'text-ink-muted hover:text-ink md:hover:bg-hover',
            )}
          >
            <Icon aria-hidden className="size-5 md:size-4" strokeWidth={here ? 2.25 : 2} />
            {short === undefined ? (
              label
            ) : (
              <>
                <span className="md:hidden">{short}</span>
                <span className="hidden md:inline">{label}</span>
              </>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
