import { expect, test } from 'vitest';
import { collect } from './collect.ts';

test.each(['opus', 'pcmu', 'pcma'] as const)(
  'every packet of %s is a frame, the first after a gap says so',
  (codec) => {
    const { frames } = collect(codec, [
      { payload: [1], timestamp: 0 },
      { payload: [2], timestamp: 1920, afterGap: true },
      { payload: [3], timestamp: 2880 },
    ]);
    expect(frames).toMatchObject([
      { codec, rtpTimestamp: 0, isKeyframe: true, afterLoss: false },
      { rtpTimestamp: 1920, afterLoss: true },
      { rtpTimestamp: 2880, afterLoss: false },
    ]);
  },
);

test('padding and silence that LiveKit makes up are dropped, an encoder’s silence is not', () => {
  const made = [0xf8, 0xff, 0xfe, ...new Array<number>(77).fill(0)];
  const { frames, drops } = collect('opus', [
    { payload: [] },
    { payload: made },
    { payload: [...made, 1, 2, 3] },
    { payload: [0xf8, 0xff, 0xfe] },
    { payload: [0xf8] },
  ]);
  expect(drops).toEqual(['padding', 'server-filler', 'server-filler']);
  expect(frames.map((frame) => frame.data.length)).toEqual([3, 1]);
});
