'use client';

import clsx from 'clsx';
import { LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';

const looks = {
  primary: 'bg-ink text-canvas hover:bg-ink/88 border-transparent',
  secondary: 'bg-surface text-ink border-line-strong hover:bg-hover',
  quiet: 'border-transparent text-ink-muted hover:bg-hover hover:text-ink',
  danger: 'border-transparent bg-live-ink text-canvas hover:bg-live-ink/88',
} as const;

const sizes = {
  regular: 'h-9 px-3.5 gap-2 pointer-coarse:h-11',
  small: 'h-8 px-2.5 gap-1.5 text-[0.8125rem] pointer-coarse:h-10 pointer-coarse:px-3',
  /** A square for an icon; give the button an aria-label. */
  icon: 'size-8 pointer-coarse:size-10',
} as const;

interface Look {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  icon?: ReactNode;
}

export function buttonClasses({ look = 'secondary', size = 'regular' }: Look, className?: string): string {
  return clsx(
    'inline-flex shrink-0 select-none items-center justify-center rounded-lg border font-medium whitespace-nowrap',
    'disabled:cursor-not-allowed disabled:opacity-50 data-disabled:opacity-50',
    '[&_svg]:size-4 [&_svg]:shrink-0',
    looks[look],
    sizes[size],
    className,
  );
}

interface ButtonProps extends Look, Omit<ComponentProps<'button'>, 'size'> {
  /** The action runs: the button keeps its size and name, shows a turning icon and cannot be pressed again. */
  pending?: boolean;
}

export function Button({ look, size, icon, pending = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || pending}
      aria-busy={pending || undefined}
      className={buttonClasses({ look, size }, className)}
    >
      {pending ? <LoaderCircle aria-hidden className="animate-turn" /> : icon}
      {children}
    </button>
  );
}

interface ButtonLinkProps extends Look, Omit<ComponentProps<typeof Link>, 'size'> {}

export function ButtonLink({ look, size, icon, className, children, ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} className={buttonClasses({ look, size }, className)}>
      {icon}
      {children}
    </Link>
  );
}

/** A plain `<a>`: for downloads and for pages outside of the dashboard. */
export function ButtonAnchor({ look, size, icon, className, children, ...rest }: Look & ComponentProps<'a'>) {
  return (
    <a {...rest} className={buttonClasses({ look, size }, className)}>
      {icon}
      {children}
    </a>
  );
}
