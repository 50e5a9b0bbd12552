import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameDuration } from '../timeline/frame-duration.ts';
import type { TimedFrame } from '../timeline/timed-frame.ts';
import { ContinuousSound } from './continuous-sound.ts';

const SPEECH = Uint8Array.of(0x78, 1, 2, 3); // 20 ms

function sound(atMs: number): TimedFrame {
  return frame(atMs, 'opus', SPEECH);
}

function frame(atMs: number, codec: 'opus' | 'vp8', data: Uint8Array = new Uint8Array(10)): TimedFrame {
  const presentationMicros = Math.round(atMs * 1000);
  const rest = { rtpTimestamp: 0, isKeyframe: true, afterLoss: false, receivedAtMicros: presentationMicros };
  return { ...rest, trackSid: codec, codec, data, presentationMicros };
}

function times(frames: readonly TimedFrame[]): number[] {
  return frames.map((one) => one.presentationMicros / 1000);
}

describe('ContinuousSound', () => {
  it('leaves sound without holes alone', () => {
    const frames = [sound(0), sound(20), sound(40.1), sound(59.9)];
    expect(new ContinuousSound().fill(frames)).toBe(frames);
  });

  it('fills a hole up to the next packet, in packets of 120, 20, 10, 5 and 2.5 ms', () => {
    const filled = new ContinuousSound().fill([sound(0), sound(20 + 120 + 20 + 10 + 5 + 2.5)]);
    expect(times(filled)).toEqual([0, 20, 140, 160, 170, 175, 177.5]);
    expect(filled.map(frameDuration)).toEqual([20_000, 120_000, 20_000, 10_000, 5000, 2500, 20_000]);
  });

  it('fills a hole between two segments', () => {
    const sounds = new ContinuousSound();
    sounds.fill([sound(0)]);
    expect(times(sounds.fill([sound(60)]))).toEqual([20, 40, 60]);
  });

  it('fills while only the picture goes on, but leaves room for sound that comes late', () => {
    const sounds = new ContinuousSound();
    const pictures = [frame(460, 'vp8'), frame(1660, 'vp8')];
    const filled = [0, 20, 140, 260, 380, 400, 420, 440, 460, 1660];
    expect(times(sounds.fill([sound(0), ...pictures]))).toEqual(filled);
    expect(times(sounds.fill([sound(460)]))).toEqual([460]);
  });

  it('waits for the sound to pictures that were read all at once, after the process stood still', () => {
    const sounds = new ContinuousSound();
    sounds.fill([sound(0)]);
    const readAt = (atMs: number, one: TimedFrame) => ({ ...one, receivedAtMicros: atMs * 1000 });
    const pictures = [1000, 3000, 5000].map((atMs) => readAt(8000, frame(atMs, 'vp8')));
    expect(sounds.fill(pictures)).toBe(pictures);
    expect(times(sounds.fill([readAt(8010, sound(20)), readAt(8010, sound(40))]))).toEqual([20, 40]);
  });

  it('knows which sound comes when silence has taken its place', () => {
    const sounds = new ContinuousSound();
    sounds.fill([sound(0), frame(460, 'vp8'), frame(1660, 'vp8')]);
    expect(sounds.isTaken(400_000)).toBe(true);
    expect(sounds.isTaken(460_000)).toBe(false);
  });

  it.each([
    ['pcmu', 0xff],
    ['pcma', 0xd5],
  ] as const)('fills %s with samples that are 0', (codec, zero) => {
    const data = new Uint8Array(160);
    const packet = (atMs: number) => ({ ...frame(atMs, 'opus', data), codec });
    const [, silence] = new ContinuousSound().fill([packet(0), packet(40)]);
    expect(silence).toMatchObject({ codec, presentationMicros: 20_000 });
    expect(silence?.data).toEqual(new Uint8Array(160).fill(zero));
  });

  it('does not put silence before the first sound', () => {
    expect(times(new ContinuousSound().fill([frame(0, 'vp8'), sound(3000)]))).toEqual([0, 3000]);
  });

  it('leaves a hole of hours, and is right again behind it', () => {
    const filled = new ContinuousSound().fill([sound(0), sound(7_200_000), sound(7_200_060)]);
    expect(times(filled)).toEqual([0, 7_200_000, 7_200_020, 7_200_040, 7_200_060]);
  });

  it('never lets a player that ignores times be off by more than a packet, and keeps times growing', () => {
    const step = fc.oneof(
      { weight: 10, arbitrary: fc.integer({ min: 18_000, max: 23_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 23_000, max: 3_000_000 }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (steps, perSegment) => {
        const frames: TimedFrame[] = [sound(0)];
        for (const micros of steps) frames.push(sound(((frames.at(-1)?.presentationMicros ?? 0) + micros) / 1000));
        const sounds = new ContinuousSound();
        const filled: TimedFrame[] = [];
        for (let index = 0; index < frames.length; index += perSegment) {
          filled.push(...sounds.fill(frames.slice(index, index + perSegment)));
        }
        let playedMicros = 0;
        let lastMicros = -1000;
        for (const one of filled) {
          expect(one.presentationMicros).toBeGreaterThanOrEqual(lastMicros + 999);
          expect(one.presentationMicros - playedMicros).toBeLessThan(20_000);
          lastMicros = one.presentationMicros;
          playedMicros += frameDuration(one) ?? 0;
        }
        expect(filled.filter((one) => one.data === SPEECH)).toEqual(frames);
      }),
    );
  });
});
