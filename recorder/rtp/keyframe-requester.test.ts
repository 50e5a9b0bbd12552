import { describe, expect, test } from 'vitest';
import { KeyframeRequester } from './keyframe-requester.ts';

function requester() {
  const sentAtMs: number[] = [];
  let nowMs = 0;
  const keyframes = new KeyframeRequester(() => sentAtMs.push(nowMs));
  const at = (ms: number, act: (micros: number) => void) => {
    nowMs = ms;
    act(ms * 1000);
  };
  return {
    keyframes,
    sentAtMs,
    frameLost: (ms: number) => at(ms, (micros) => keyframes.frameLost(micros)),
    cannotBegin: (ms: number) => at(ms, (micros) => keyframes.cannotBegin(micros)),
    keyframe: (ms: number) => at(ms, (micros) => keyframes.keyframe(micros)),
    /** Ticks every 100 ms up to this time. */
    runTo: (ms: number, missesPackets = false) => {
      for (let tick = nowMs + 100; tick <= ms; tick += 100) at(tick, (micros) => keyframes.tick(micros, missesPackets));
    },
  };
}

describe('a stream that cannot begin', () => {
  test('asks at once, and on with growing pauses until the keyframe comes', () => {
    const { cannotBegin, keyframe, runTo, sentAtMs } = requester();
    cannotBegin(0);
    cannotBegin(0);
    runTo(9000);
    expect(sentAtMs).toEqual([0, 500, 1000, 1500, 2600, 4800]);
    keyframe(9100);
    runTo(19_000);
    expect(sentAtMs).toHaveLength(6);
  });

  test('teaches nothing of a publisher that was muted meanwhile', () => {
    const { cannotBegin, keyframe, frameLost, runTo, sentAtMs } = requester();
    cannotBegin(0);
    keyframe(30_000);
    frameLost(32_000);
    runTo(32_100);
    expect(sentAtMs).toEqual([0, 32_000]);
  });

  test('asks also after a loss, and a publisher that did not answer', () => {
    const { cannotBegin, frameLost, keyframe, runTo, sentAtMs } = requester();
    keyframe(0);
    frameLost(2000);
    keyframe(3500);
    cannotBegin(3600);
    runTo(3700);
    expect(sentAtMs).toEqual([2000, 3600]);
  });
});

describe('a lost frame', () => {
  test('is a reason to ask at once, and on with growing pauses', () => {
    const { keyframe, frameLost, runTo, sentAtMs, keyframes } = requester();
    keyframe(0);
    frameLost(2000);
    frameLost(2000);
    expect(keyframes.isWaiting).toBe(true);
    runTo(30_000);
    expect(sentAtMs).toEqual([2000, 3100, 5300, 9700, 18_500, 28_500]);
    keyframe(30_000);
    expect(keyframes.isWaiting).toBe(false);
  });

  test('just after a keyframe waits until the server passes a request on again: until then it would only end repair', () => {
    const { keyframe, frameLost, runTo, sentAtMs } = requester();
    keyframe(0);
    frameLost(100);
    runTo(3000);
    expect(sentAtMs[0]).toBe(1100);
  });

  test('of a publisher that did not answer before is none', () => {
    const { keyframe, frameLost, runTo, sentAtMs } = requester();
    keyframe(0);
    frameLost(2000);
    keyframe(8000);
    const before = sentAtMs.length;
    frameLost(12_000);
    runTo(30_000);
    expect(sentAtMs).toHaveLength(before);
  });
});

test('a lost frame is waited out where keyframes come by themselves before long, unless none comes', () => {
  const { keyframe, frameLost, runTo, sentAtMs } = requester();
  keyframe(0);
  keyframe(2000);
  frameLost(3500);
  runTo(4000);
  keyframe(4000);
  frameLost(5500);
  runTo(7000);
  expect(sentAtMs).toEqual([7000]);
});

describe('for seeking', () => {
  test('one is asked for when none came for 10 s', () => {
    const { keyframe, runTo, sentAtMs } = requester();
    keyframe(0);
    runTo(10_000);
    keyframe(10_100);
    runTo(20_100);
    expect(sentAtMs).toEqual([10_000, 20_100]);
  });

  test('a publisher that answers is asked on a bad path too, but not while packets are missing', () => {
    const { keyframe, runTo, sentAtMs } = requester();
    keyframe(0);
    runTo(10_000);
    keyframe(10_100);
    runTo(20_500, true);
    expect(sentAtMs).toEqual([10_000]);
    runTo(20_600, false);
    expect(sentAtMs).toEqual([10_000, 20_600]);
  });

  test('on a bad path a publisher that was never asked is asked late, for it may not answer', () => {
    const { keyframe, runTo, sentAtMs } = requester();
    keyframe(0);
    for (let second = 1; second <= 60; second += 1) {
      runTo(second * 1000 - 100, false);
      runTo(second * 1000, true);
    }
    expect(sentAtMs).toEqual([]);
    runTo(60_100);
    expect(sentAtMs).toEqual([60_100]);
  });

  test('a publisher that did not answer is asked late, and on a bad path never', () => {
    const { keyframe, runTo, sentAtMs } = requester();
    keyframe(0);
    runTo(10_000);
    keyframe(15_000);
    const before = sentAtMs.length;
    runTo(74_900);
    expect(sentAtMs).toHaveLength(before);
    runTo(75_000);
    expect(sentAtMs.at(-1)).toBe(75_000);
    keyframe(80_000);
    const after = sentAtMs.length;
    for (let second = 81; second <= 200; second += 1) {
      runTo(second * 1000 - 100, false);
      runTo(second * 1000, true);
    }
    expect(sentAtMs).toHaveLength(after);
  });
});
