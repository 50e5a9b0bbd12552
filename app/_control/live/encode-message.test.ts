import { expect, it } from 'vitest';
import type { EventRow } from '../../../db/schema.ts';
import { encodeEvent, encodeTransient } from './encode-message.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

it('gives an event its id, and line breaks in names no chance to end it', () => {
  const event: EventRow = {
    id: 7,
    recordingId: 'r',
    type: 'recording.deleted',
    data: { id: 'a\n\nb' },
    at: new Date(0),
  };
  expect(text(encodeEvent(event))).toBe('id: 7\nevent: recording.deleted\ndata: {"id":"a\\n\\nb"}\n\n');
});

it('makes the bytes of a message once, however many streams ask', () => {
  const message = { kind: 'rooms' as const, rooms: { rooms: [], livekit: 'up' as const } };
  const bytes = encodeTransient(message);
  expect(text(bytes)).toBe('event: rooms.updated\ndata: {"rooms":[],"livekit":"up"}\n\n');
  expect(encodeTransient(message)).toBe(bytes);
});
