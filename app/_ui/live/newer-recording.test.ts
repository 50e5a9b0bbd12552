import { expect, it } from 'vitest';
import type { Recording } from '../../_control/api.ts';
import { newerRecording } from './newer-recording.ts';

const recording = (status: Recording['status'], durationMs: number) => ({ status, durationMs }) as Recording;

it('takes the rendered one while no event came', () => {
  const rendered = recording('ready', 1);
  expect(newerRecording(rendered, undefined)).toBe(rendered);
});

it('takes the event when it brought another state', () => {
  const stopped = recording('finalising', 5);
  expect(newerRecording(recording('recording', 9), stopped)).toBe(stopped);
});

it('takes the longer one within a state: a page opened late knows more than the event of the start', () => {
  const opened = recording('recording', 12_000);
  expect(newerRecording(opened, recording('recording', 0))).toBe(opened);
  const resumed = recording('recording', 20_000);
  expect(newerRecording(opened, resumed)).toBe(resumed);
});
