'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { commandOfKey, type PlayerCommand } from './player-keys.ts';

/** Where a key has a meaning of its own. */
const typing = 'input, textarea, select, [contenteditable], dialog, [role=dialog], [role=menu]';
const sliding = 'media-time-range, media-volume-range, [role=slider], [role=radio]';
const pressing = 'button, a, summary, [role=button], media-play-button, media-mute-button, media-fullscreen-button';

/**
 * Keys for the player: those pressed within it, and with `everywhere` also those that nothing else on the page has a use for.
 */
export function usePlayerKeys(
  container: RefObject<HTMLElement | null>,
  everywhere: boolean,
  obey: (command: PlayerCommand) => void,
): void {
  const newest = useRef(obey);
  useEffect(() => {
    newest.current = obey;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target } = event;
      if (event.defaultPrevented || !(target instanceof Element) || target.closest(typing)) return;
      if (!container.current?.contains(target) && !everywhere) return;
      if (event.key === ' ' && target.closest(pressing)) return;
      if (event.key.startsWith('Arrow') && target.closest(sliding)) return;
      const command = commandOfKey(event);
      if (command === undefined) return;
      event.preventDefault();
      newest.current(command);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [container, everywhere]);
}
