/** Tells listeners what the rooms are now, when they or who is recorded in them changed. */
import type { Control } from '../control.ts';
import { currentRooms } from '../current-rooms.ts';

/** One telling serves all changes that come within this. */
const SETTLE_MS = 50;

export interface RoomsFeed {
  /** Something changed: tell soon. */
  changed(): void;
  stop(): void;
}

export function startRoomsFeed(control: Control): RoomsFeed {
  let told = '';
  let timer: NodeJS.Timeout | undefined;
  const tell = async () => {
    timer = undefined;
    // Nobody hears it; who opens a stream is told the rooms first.
    if (control.streams.open === 0) {
      told = '';
      return;
    }
    try {
      const rooms = await currentRooms(control);
      const text = JSON.stringify(rooms);
      if (text === told) return;
      told = text;
      control.hub.publish({ kind: 'rooms', rooms });
    } catch (error) {
      // The next change, or the next listing, tells it.
      control.log.warn({ error: error instanceof Error ? error.message : error }, 'rooms.not-told');
    }
  };
  const changed = () => {
    timer ??= setTimeout(() => void tell(), SETTLE_MS);
  };
  const unsubscribe = control.hub.subscribe((message) => {
    if (message.kind === 'event') changed();
    if (message.kind === 'rooms-hint') control.rooms.refreshSoon();
  });
  return {
    changed,
    stop() {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
