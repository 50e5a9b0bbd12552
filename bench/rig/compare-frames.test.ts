import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Clip } from '../../infra/publisher/clip/clip.ts';
import type { SentFrame } from '../../infra/publisher/published-track.ts';
import { compareFrames } from './compare-frames.ts';

const clip = {
  frames: Array.from({ length: 10 }, (_, index) => ({
    units: [Uint8Array.of(index)],
    isKeyframe: false,
    temporalLayer: 0,
  })),
} as unknown as Clip;

/** A clip of ten frames, played in a circle, one every 40 ms. */
const sent: SentFrame[] = Array.from({ length: 40 }, (_, count) => ({
  atMicros: count * 40_000,
  rtpTimestamp: 0,
  clip,
  index: count % 10,
  isKeyframe: false,
  sizeBytes: 1,
}));

function recordedFrom(counts: readonly number[]) {
  return counts.map((count) => ({
    hash: createHash('sha1')
      .update(Uint8Array.of(count % 10))
      .digest('base64'),
    timeMicros: count * 40_000 + 5000,
  }));
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('compareFrames', () => {
  test('finds a whole stretch, wherever in the circle it began', () => {
    const comparison = compareFrames(sent, recordedFrom(range(13, 35)));
    expect(comparison).toMatchObject({ sent: 22, recorded: 22, missing: 0, unexpected: 0, worstTimingMs: 0 });
  });

  test('counts what is missing in between', () => {
    const comparison = compareFrames(sent, recordedFrom([...range(3, 10), ...range(13, 30)]));
    expect(comparison).toMatchObject({ sent: 27, missing: 3, unexpected: 0 });
  });

  test('behind a hole, knows by its time which of several beginnings of the clip is recorded', () => {
    const begunAnew = sent.map((frame, count) => ({ ...frame, index: count < 5 ? 9 - count : count % 5 }));
    const recorded = [...range(0, 8), ...range(15, 25)].map((count) => ({
      hash: recordedFrom([begunAnew[count]?.index ?? 0])[0]?.hash ?? '',
      timeMicros: count * 40_000 + 5000,
    }));
    const { missing, offsets, worstTimingMs } = compareFrames(begunAnew, recorded);
    expect({ missing, worstTimingMs }).toEqual({ missing: 7, worstTimingMs: 0 });
    expect(offsets.slice(8).map(({ atMicros }) => atMicros / 40_000)).toEqual(range(15, 25));
  });

  test('counts a frame that was never sent', () => {
    const recorded = recordedFrom(range(0, 10));
    recorded.splice(5, 0, { hash: 'another', timeMicros: 0 });
    expect(compareFrames(sent, recorded)).toMatchObject({ missing: 0, unexpected: 1 });
  });

  test('counts a frame that is there twice, without looking for it a round later', () => {
    const recorded = recordedFrom([...range(0, 10), 9, ...range(10, 30)]);
    expect(compareFrames(sent, recorded)).toMatchObject({ sent: 30, missing: 0, unexpected: 1 });
  });

  test('finds a frame at a wrong time', () => {
    const recorded = recordedFrom(range(0, 10));
    const [, , third] = recorded;
    if (third) third.timeMicros += 12_000;
    expect(compareFrames(sent, recorded)).toMatchObject({ missing: 0, worstTimingMs: 12, settledTimingMs: 0 });
  });

  test('of nothing known finds nothing', () => {
    expect(compareFrames(sent, [{ hash: 'x', timeMicros: 0 }])).toMatchObject({ sent: 0, recorded: 1, unexpected: 1 });
  });
});
