'use client';

import { type RefObject, useEffect, useRef } from 'react';

export interface ListKeys {
  select(id: string, how: 'toggle' | 'range'): void;
  clear(): void;
}

/**
 * The list by keyboard: j and k or the arrows move, with Shift they select on the way, x or Space selects, Escape selects
 * nothing, / goes to the search. Enter opens by itself: what moves is the focus, from link to link.
 */
export function useListKeys(list: RefObject<HTMLElement | null>, keys: ListKeys): void {
  const newest = useRef(keys);
  useEffect(() => {
    newest.current = keys;
  });
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return;
      if (act(event, list.current, newest.current)) event.preventDefault();
    };
    document.addEventListener('keydown', handle);
    return () => document.removeEventListener('keydown', handle);
  }, [list]);
}

/** Whether the key meant something. */
function act({ key, shiftKey }: KeyboardEvent, list: HTMLElement | null, { select, clear }: ListKeys): boolean {
  if (key === '/') {
    const search = document.querySelector<HTMLInputElement>('input[type="search"]');
    search?.focus();
    search?.select();
    return search !== null;
  }
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-recording]') ?? [])];
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const id = rows[current]?.dataset.recording;
  const step = { j: 1, J: 1, ArrowDown: 1, k: -1, K: -1, ArrowUp: -1 }[key];
  if (step !== undefined) {
    const next = rows[current < 0 ? 0 : current + step];
    // Its link; what is deleted has none, only its checkbox.
    (next?.querySelector<HTMLElement>('a') ?? next?.querySelector('input'))?.focus();
    // Its link lies over the whole row, but is only as high as the name.
    next?.scrollIntoView({ block: 'nearest' });
    if (shiftKey && id !== undefined && next?.dataset.recording !== undefined) {
      select(id, 'range');
      select(next.dataset.recording, 'range');
    }
    return true;
  }
  if (key === 'Escape') {
    clear();
    return false;
  }
  // Space on a checkbox does it already.
  if (id !== undefined && (key === 'x' || (key === ' ' && !(document.activeElement instanceof HTMLInputElement)))) {
    select(id, 'toggle');
    return true;
  }
  return false;
}

/** Text is being written, or something lies over the list. */
function isElsewhere(target: EventTarget | null): boolean {
  const isText =
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('textarea, select, input:not([type="checkbox"])'));
  return isText || document.querySelector('[role="dialog"], [role="alertdialog"], :popover-open') !== null;
}
