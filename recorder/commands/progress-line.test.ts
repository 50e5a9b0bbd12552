import { expect, test } from 'vitest';
import { ScriptedRecording } from '../report/testing/scripted-recording.ts';
import { ProgressLine } from './progress-line.ts';

function lineOn(isTTY: boolean) {
  let text = '';
  const recording = new ScriptedRecording();
  const line = new ProgressLine({ write: (more: string) => (text += more), isTTY }, '"I" in "R"');
  return { recording, line, shown: () => text };
}

test('on a terminal one line is rewritten', () => {
  const { recording, line, shown } = lineOn(true);
  recording.change({ state: 'waiting' });
  line.show(recording.snapshot());
  recording.change({
    state: 'recording',
    stats: {
      ...recording.snapshot().stats,
      durationMs: 3_723_000,
      sizeBytes: 12_340_000,
      bitrateBps: 2_100_000,
      framesPerSecond: 29.97,
    },
  });
  line.show(recording.snapshot());
  line.say('done');
  expect(shown()).toBe(
    '\r\x1b[2KWaiting for "I" in "R" …\r\x1b[2KRecording  01:02:03  12.3 MB  2.10 Mbps  30 fps  0 lost\r\x1b[2Kdone\n',
  );
});

test('elsewhere a line comes with every state and every ten seconds, without control characters', () => {
  const { recording, line, shown } = lineOn(false);
  recording.change({ state: 'recording' });
  for (let second = 0; second <= 20; second++) line.show(recording.snapshot());
  recording.change({ state: 'finalising' });
  line.show(recording.snapshot());
  const lines = shown().trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[3]).toBe('Finishing the file …');
  expect(shown()).not.toContain('\x1b');
});

test('trouble with the destination is shown', () => {
  const { recording, line, shown } = lineOn(false);
  const uploadTrouble = { message: 'The disk is full.', sinceUnixMs: 1 };
  recording.change({ state: 'recording', stats: { ...recording.snapshot().stats, uploadTrouble } });
  line.show(recording.snapshot());
  expect(shown()).toContain('! The disk is full.');
});
