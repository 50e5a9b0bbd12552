import { expect, test } from 'vitest';
import type { SessionRecording } from '../../db/queries/list-session-recordings.ts';
import { mayRecordAgain } from './apply-rules.ts';

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
