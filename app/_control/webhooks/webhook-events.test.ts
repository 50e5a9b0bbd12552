import { expect, test } from 'vitest';
import type { Recording } from '../api.ts';
import { eventsBetween } from './webhook-events.ts';

const at = '2026-01-01T00:00:00.000Z';
const recording = (status: Recording['status'], startedAt: string | null = at) =>
  ({ status, startedAt }) as unknown as Recording;

test.each([
  ['began', undefined, recording('requested', null), []],
  ['was taken by a recorder', recording('requested', null), recording('starting', null), []],
  ['has its first media', recording('starting', null), recording('recording'), ['recording.started']],
  ['grew', recording('recording'), recording('recording'), []],
  ['was paused', recording('recording'), recording('paused'), ['recording.paused']],
  ['goes on', recording('paused'), recording('recording'), ['recording.resumed']],
  ['is recorded by another attempt', recording('requested'), recording('recording'), []],
  ['is being finished', recording('recording'), recording('finalising'), []],
  ['is ready', recording('finalising'), recording('ready'), ['recording.ready']],
  ['got its poster', recording('ready'), recording('ready'), []],
  ['failed', recording('recording'), recording('failed'), ['recording.failed']],
  ['came to nothing', recording('requested', null), recording('absent', null), ['recording.absent']],
  ['was over in a moment', recording('starting', null), recording('ready'), ['recording.started', 'recording.ready']],
])('a recording that %s tells what it should', (_, before, after, expected) => {
  expect(eventsBetween(before, after)).toEqual(expected);
});
