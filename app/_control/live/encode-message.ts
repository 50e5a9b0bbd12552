/** Messages in the words of server-sent events (HTML standard, 9.2.5), each made once, however many streams it goes to. */
import type { EventRow } from '../../../db/schema.ts';
import type { LiveMessage } from './live-hub.ts';

const encoder = new TextEncoder();
const made = new WeakMap<object, Uint8Array>();

export function encodeEvent(event: EventRow): Uint8Array {
  return once(event, () => `id: ${event.id}\n${named(event.type, event.data)}`);
}

/** What has no id. Of other kinds of messages streams tell nothing. */
export function encodeTransient(
  message: Extract<LiveMessage, { kind: 'stats' | 'rooms' | 'health' | 'upkeep' }>,
): Uint8Array {
  return once(message, () => {
    if (message.kind === 'rooms') return named('rooms.updated', message.rooms);
    if (message.kind === 'health') return named('health.updated', message.health);
    if (message.kind === 'upkeep') return named('upkeep.updated', message.upkeep);
    return named('recording.stats', { id: message.recordingId, stats: message.stats });
  });
}

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

function named(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function once(message: object, text: () => string): Uint8Array {
  let bytes = made.get(message);
  if (bytes === undefined) {
    bytes = encoder.encode(text());
    made.set(message, bytes);
  }
  return bytes;
}
