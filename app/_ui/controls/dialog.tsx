'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import clsx from 'clsx';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { buttonClasses } from './button.tsx';

export const backdropClasses = clsx(
  'fixed inset-0 z-40 bg-black/30 transition-opacity duration-150',
  'data-ending-style:opacity-0 data-starting-style:opacity-0',
);

/** On a phone it sits at the bottom, near the thumb; elsewhere in the upper middle. */
export const popupClasses = clsx(
  'fixed z-50 flex max-h-[calc(100dvh-2rem)] flex-col overflow-hidden border border-line bg-surface text-ink shadow-2xl',
  'inset-x-0 bottom-0 rounded-t-2xl sm:inset-x-auto sm:bottom-auto sm:top-[12vh] sm:left-1/2 sm:-translate-x-1/2',
  'sm:max-h-[80vh] sm:rounded-2xl',
  'transition-[opacity,transform] duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0',
  'data-starting-style:translate-y-3 data-ending-style:translate-y-3',
);

const widths = { regular: 'sm:w-[32rem]', wide: 'sm:w-[min(56rem,calc(100vw-3rem))]' } as const;

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: ReactNode;
  description?: ReactNode;
  width?: keyof typeof widths;
  children: ReactNode;
}

export function Dialog({ open, onOpenChange, title, description, width = 'regular', children }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropClasses} />
        <Base.Popup className={clsx(popupClasses, widths[width])}>
          <div className="flex items-start gap-3 px-5 pt-5 pb-3">
            <div className="min-w-0 flex-1 space-y-1">
              <Base.Title className="text-base font-semibold tracking-tight">{title}</Base.Title>
              {description && <Base.Description className="text-ink-muted">{description}</Base.Description>}
            </div>
            <Base.Close aria-label="Close" className={buttonClasses({ look: 'quiet', size: 'icon' }, '-mt-1 -mr-2')}>
              <X aria-hidden />
            </Base.Close>
          </div>
          <div className="min-h-0 overflow-y-auto overscroll-contain px-5 pt-1 pb-5">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
