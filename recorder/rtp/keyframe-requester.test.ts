import { expect, test } from 'vitest';
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
    sentAtMs,
    need: (ms: number) => at(ms, (micros) => keyframes.need(micros)),
    keyframe: (ms: number) => at(ms, (micros) => keyframes.keyframe(micros)),
    /** Ticks every 100 ms up to this time. */
    runTo: (ms: number) => {
      for (let tick = nowMs + 100; tick <= ms; tick += 100) at(tick, (micros) => keyframes.tick(micros));
    },
  };
}

test('a needed keyframe is asked for at once and with growing pauses until it comes', () => {
  const { need, keyframe, runTo, sentAtMs } = requester();
  need(0);
  need(0);
  runTo(8000);
  expect(sentAtMs).toEqual([0, 500, 1500, 3500, 7500]);
  keyframe(8000);
  runTo(17_000);
  expect(sentAtMs).toHaveLength(5);
});

test('losses in a row make two requests a second at most', () => {
  const { need, keyframe, runTo, sentAtMs } = requester();
  need(0);
  keyframe(50);
  need(100);
  keyframe(150);
  need(200);
  runTo(600);
  keyframe(650);
  runTo(1500);
  expect(sentAtMs).toEqual([0, 500]);
});

test('without a loss one is asked for when none came for 10 s, and on when the publisher does not care', () => {
  const { keyframe, runTo, sentAtMs } = requester();
  keyframe(0);
  runTo(35_000);
  expect(sentAtMs).toEqual([10_000, 20_000, 30_000]);
});
