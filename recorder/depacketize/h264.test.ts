import { describe, expect, test } from 'vitest';
import { collect, hex } from './collect.ts';
import { startsH264Keyframe } from './h264.ts';
import { readH264Size } from './h264-size.ts';

const fromHex = (text: string) => [...Buffer.from(text.replaceAll(' ', ''), 'hex')];
/** Of x264: 1280x720 high profile, and 1920x1080, which is 1088 cropped. */
const sps720 = fromHex('6764001facd9405005bb011000000300100000030320f1831960');
const sps1080 = fromHex('67640028acd940780227e5c044000003000400000300c83c60c658');
/** LiveKit's blank picture of 2x2. */
const fillerSps = fromHex('6742c01f0fd91f8888840000030004000003 00c83c60c920');
const pps = fromHex('68ebe3cb22c0');
const idr = [0x65, 0x88, 1, 2, 3, 4, 5, 6];
const stap = (...units: number[][]) => [
  0x78,
  ...units.flatMap((unit) => [unit.length >> 8, unit.length & 0xff, ...unit]),
];
const withLength = (unit: number[]) =>
  `${unit.length.toString(16).padStart(8, '0')}${Buffer.from(unit).toString('hex')}`;

/** FU-A fragments of a unit. */
function fragments(unit: number[], size: number): number[][] {
  const [header = 0, ...body] = unit;
  const out: number[][] = [];
  for (let at = 0; at < body.length; at += size) {
    const start = at === 0 ? 0x80 : 0;
    const end = at + size >= body.length ? 0x40 : 0;
    out.push([(header & 0xe0) | 28, start | end | (header & 0x1f), ...body.slice(at, at + size)]);
  }
  return out;
}

test('single units, aggregates and fragments become units behind their lengths, in order', () => {
  const parts = fragments(idr, 3);
  const { frames, drops } = collect('h264', [
    { payload: stap(sps720, pps) },
    ...parts.map((payload, index) => ({ payload, marker: index === parts.length - 1 })),
    { payload: [0x41, 9, 9], timestamp: 3000, marker: true },
  ]);
  expect(drops).toEqual([]);
  expect(frames).toMatchObject([
    { isKeyframe: true, width: 1280, height: 720, afterLoss: false },
    { isKeyframe: false, afterLoss: false },
  ]);
  expect(hex(frames[0]?.data)).toBe([sps720, pps, idr].map(withLength).join(''));
  expect(hex(frames[1]?.data)).toBe('00000003410909');
});

test('a publisher that sets no markers is understood by its timestamps', () => {
  const { frames } = collect('h264', [
    { payload: [0x41, 1], timestamp: 1 },
    { payload: [0x41, 2], timestamp: 2 },
    { payload: [0x41, 3], timestamp: 3 },
  ]);
  expect(frames.map((frame) => frame.rtpTimestamp)).toEqual([1, 2]);
});

test('a unit whose last fragment never came is incomplete', () => {
  const [first = [], second = [], third = []] = fragments(idr, 3);
  const gap = collect('h264', [
    { payload: first, timestamp: 1 },
    { payload: third, timestamp: 1, marker: true, afterGap: true },
    { payload: [0x41, 1], timestamp: 2, marker: true },
  ]);
  expect(gap.drops).toEqual(['incomplete', 'incomplete']);
  expect(gap.frames).toMatchObject([{ afterLoss: true }]);
  const cut = collect('h264', [
    { payload: first, timestamp: 1 },
    { payload: second, timestamp: 1 },
    { payload: [0x41, 1], timestamp: 2, marker: true },
  ]);
  expect(cut.drops).toEqual(['incomplete']);
});

test('the blank picture of a closing track is dropped', () => {
  const { frames, drops } = collect('h264', [{ payload: stap(fillerSps, pps, idr), marker: true }]);
  expect(frames).toEqual([]);
  expect(drops).toEqual(['server-filler']);
});

test.each([
  ['an aggregate longer than its packet', [0x78, 0, 9, 0x41]],
  ['a fragment without a body', [0x7c, 0x85]],
  ['a fragment that goes on with nothing', [0x7c, 0x05, 1]],
  ['an interleaved form', [0x79, 0, 0, 0, 1, 0x41]],
])('%s is malformed', (_what, payload) => {
  expect(collect('h264', [{ payload, marker: true }]).drops).toEqual(['malformed']);
});

describe('the size', () => {
  test('is what is left after cropping', () => {
    expect(readH264Size(Uint8Array.from(sps720))).toEqual({ width: 1280, height: 720 });
    expect(readH264Size(Uint8Array.from(sps1080))).toEqual({ width: 1920, height: 1080 });
    expect(readH264Size(Uint8Array.from(fillerSps))).toEqual({ width: 2, height: 2 });
  });
});

test('a beginning is a parameter set, alone or in an aggregate', () => {
  expect(startsH264Keyframe(Uint8Array.from(stap(sps720, pps)))).toBe(true);
  expect(startsH264Keyframe(Uint8Array.from(sps720))).toBe(true);
  expect(startsH264Keyframe(Uint8Array.from(idr))).toBe(false);
});
