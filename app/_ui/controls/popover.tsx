'use client';

import clsx from 'clsx';
import { type ComponentProps, type ReactNode, type ToggleEvent, useId, useRef } from 'react';
import { Button } from './button.tsx';

interface PopoverProps {
  /** Properties of the button that opens it. */
  trigger: ComponentProps<typeof Button>;
  /** What it opens, for assistive technology. */
  label: string;
  children(close: () => void): ReactNode;
}

const distance = 6;
const edge = 8;

/**
 * A small panel beside its button. The browser's own popover does the rest: the top layer, Escape, a press elsewhere,
 * the way of the focus; no library is loaded for it.
 */
export function Popover({ trigger, label, children }: PopoverProps) {
  const id = useId();
  const panel = useRef<HTMLDialogElement>(null);

  const place = (event: ToggleEvent<HTMLDialogElement>) => {
    const button = document.querySelector(`[popovertarget="${CSS.escape(id)}"]`)?.getBoundingClientRect();
    const element = panel.current;
    if (event.newState !== 'open' || button === undefined || element === null) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const fitsBelow = button.bottom + distance + height + edge <= window.innerHeight;
    const top = fitsBelow ? button.bottom + distance : button.top - distance - height;
    const left = Math.min(button.right - width, window.innerWidth - width - edge);
    element.style.top = `${Math.max(edge, top)}px`;
    element.style.left = `${Math.max(edge, left)}px`;
    element.style.opacity = '1';
  };

  /** It has a size only once it is shown: until it is in its place it is not seen. */
  const hide = () => {
    if (panel.current !== null) panel.current.style.opacity = '0';
  };

  return (
    <>
      <Button {...trigger} popoverTarget={id} />
      <dialog
        ref={panel}
        id={id}
        popover="auto"
        aria-label={label}
        onBeforeToggle={hide}
        onToggle={place}
        className="fixed inset-auto m-0 min-w-48 rounded-xl border border-line bg-surface p-1 text-ink shadow-lg"
      >
        {children(() => panel.current?.hidePopover())}
      </dialog>
    </>
  );
}

interface PopoverItemProps extends ComponentProps<'button'> {
  icon?: ReactNode;
}

export const popoverItemClasses = clsx(
  'flex min-h-8 w-full items-center gap-2 rounded-lg px-2.5 py-1.5 text-left',
  'pointer-coarse:min-h-11 hover:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-muted',
);

export function PopoverItem({ icon, children, ...rest }: PopoverItemProps) {
  return (
    <button type="button" {...rest} className={popoverItemClasses}>
      {icon}
      {children}
    </button>
  );
}
