import { expect, test } from 'vitest';
import type { SessionRecording } from '../../db/queries/list-session-recordings.ts';
import { mayRecordAgain } from './apply-rules.ts';
import { judge } from './reconcile.ts';
import { LOST_PATIENCE_MS, QUEUE_PATIENCE_MS } from './timing.ts';

const earlier = (...list: Partial<SessionRecording>[]) =>
  list.map((one): SessionRecording => ({ id: '', status: 'ready', stopReason: null, ...one }));
const absent = { status: 'absent' as const };

test.each([
  ['nothing before', earlier(), false, true],
  ['stopped by a person', earlier({ stopReason: 'requested' }), true, false],
  ['still being finished', earlier({ status: 'finalising', stopReason: 'requested' }), true, false],
  ['failed', earlier({ status: 'failed' }), true, false],
  ['ended by its maximum length', earlier({ stopReason: 'max-duration' }), true, false],
  ['its recorder was shut down', earlier({ stopReason: 'shutdown' }), true, true],
  ['absent, and still silent', earlier(absent), false, false],
  ['absent, and publishing now', earlier(absent), true, true],
  ['absent three times, and publishing now', earlier(absent, absent, absent), true, false],
  ['absent, then stopped by a person', earlier(absent, { stopReason: 'requested' }), true, false],
])('%s', (_, recordings, publishes, again) => {
  expect(mayRecordAgain(recordings, publishes)).toBe(again);
});

const recording = { status: 'recording' as const, command: 'continue' as const, epoch: 1, startedAt: new Date(0) };
const lost = { state: 'recording' as const, overdueMs: 1 };
const queued = { state: 'queued' as const, overdueMs: 1 };

test.each([
  ['there', recording, lost, 'there', 'again'],
  ['gone', recording, lost, 'gone', 'fails'],
  ['unknown for a moment', recording, lost, 'unknown', 'waits'],
  ['unknown for long', recording, { ...lost, overdueMs: LOST_PATIENCE_MS }, 'unknown', 'fails'],
  ['there, but told to stop', { ...recording, command: 'stop' as const }, lost, 'there', 'fails'],
  ['there, but being finished', { ...recording, status: 'finalising' as const }, lost, 'there', 'fails'],
  ['there, but it was the third', { ...recording, epoch: 3 }, lost, 'there', 'fails'],
  ['queued and there', recording, queued, 'there', 'waits'],
  ['queued and gone', recording, queued, 'gone', 'fails'],
  ['queued and unknown', recording, queued, 'unknown', 'waits'],
  ['queued for too long', recording, { ...queued, overdueMs: QUEUE_PATIENCE_MS }, 'there', 'fails'],
] as const)('a recorder that is lost, its participant %s: %s', (_, row, overdue, participant, expected) => {
  const verdict = judge(row, overdue, participant);
  expect(verdict === 'wait' ? 'waits' : verdict.again ? 'again' : 'fails').toBe(expected);
});
