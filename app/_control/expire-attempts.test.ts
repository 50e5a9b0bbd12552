import { expect, test } from 'vitest';
import { outcomeOf } from './expire-attempts.ts';
import type { Presence } from './presence.ts';
import { QUEUE_CHECK_MS, QUEUE_PATIENCE_MS } from './timing.ts';

const fresh = { startedAt: null, reconnectWindowMs: 30_000 };
const begun = { startedAt: new Date(0), reconnectWindowMs: 30_000 };
const record = { kind: 'record' as const, state: 'recording' as const };
const queued = { kind: 'record' as const, state: 'queued' as const };
const queuedJoining = { kind: 'finalise' as const, state: 'queued' as const };

type Row = [string, Parameters<typeof outcomeOf>[0], Parameters<typeof outcomeOf>[1], number, Presence, string];

test.each<Row>([
  ['a recorder that is silent, whoever is there', begun, record, 1, 'gone', 'control.recorder-lost, may pass'],
  ['one in the queue whose participant is there', fresh, queued, QUEUE_CHECK_MS, 'there', 'waits'],
  ['one in the queue while LiveKit does not answer', fresh, queued, QUEUE_CHECK_MS, 'unknown', 'waits'],
  ['one in the queue whose participant has left', fresh, queued, QUEUE_CHECK_MS, 'gone', 'control.no-recorder'],
  ['one that had begun, within the window of its participant', begun, queued, 29_000, 'gone', 'waits'],
  ['one that had begun, after the window', begun, queued, 30_000, 'gone', 'control.no-recorder'],
  ['one that waited for too long', fresh, queued, QUEUE_PATIENCE_MS, 'there', 'control.no-recorder'],
  ['joining, whoever has left', begun, queuedJoining, QUEUE_CHECK_MS, 'gone', 'waits'],
  [
    'joining that waited for too long',
    begun,
    queuedJoining,
    QUEUE_PATIENCE_MS,
    'gone',
    'control.no-recorder, may pass',
  ],
])('%s', (_, recording, attempt, overdueMs, participant, expected) => {
  const outcome = outcomeOf(recording, attempt, { overdueMs }, participant);
  expect(outcome ? `${outcome.reason}${outcome.retryable ? ', may pass' : ''}` : 'waits').toBe(expected);
});
