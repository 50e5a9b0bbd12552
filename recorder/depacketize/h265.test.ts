import { expect, test } from 'vitest';
import { bytes, collect, hex } from './collect.ts';
import { startsH265Keyframe } from './h265.ts';
import { readH265Size } from './h265-size.ts';

const fromHex = (text: string) => [...Buffer.from(text, 'hex')];
/** Of x265: 1920x1080, which is 1088 cropped. */
const vps = fromHex('40010c01ffff016000000300900000030000030078959809');
const sps = fromHex('420101016000000300900000030000030078a003c08010e596566924caf0168080000003000008000000c840');
const pps = fromHex('4401c172b46240');
const idr = [0x26, 0x01, 1, 2, 3, 4, 5];
const trailing = [0x02, 0x01, 9];
const aggregate = (...units: number[][]) => [0x60, 0x01, ...units.flatMap((unit) => [0, unit.length, ...unit])];
const withLength = (unit: number[]) => `${unit.length.toString(16).padStart(8, '0')}${hex(bytes(...unit))}`;

test('single units, aggregates and fragments become units behind their lengths, in order', () => {
  const { frames, drops } = collect('h265', [
    { payload: aggregate(vps, sps, pps) },
    { payload: [0x62, 0x01, 0x80 | 19, 1, 2] },
    { payload: [0x62, 0x01, 19, 3] },
    { payload: [0x62, 0x01, 0x40 | 19, 4, 5], marker: true },
    { payload: trailing, timestamp: 3000, marker: true },
  ]);
  expect(drops).toEqual([]);
  expect(frames).toMatchObject([{ isKeyframe: true, width: 1920, height: 1080 }, { isKeyframe: false }]);
  expect(hex(frames[0]?.data)).toBe([vps, sps, pps, idr].map(withLength).join(''));
  expect(hex(frames[1]?.data)).toBe(withLength(trailing));
});

test.each([
  ['a unit of its header only', [0x02, 0x01]],
  ['an aggregate longer than its packet', [0x60, 0x01, 0, 9, 1]],
  ['a fragment that goes on with nothing', [0x62, 0x01, 19, 1]],
  ['a packet with content information', [0x64, 0x01, 1, 2]],
])('%s is malformed', (_what, payload) => {
  expect(collect('h265', [{ payload, marker: true }]).drops).toEqual(['malformed']);
});

test('a unit whose end never came is incomplete', () => {
  const { drops } = collect('h265', [{ payload: [0x62, 0x01, 0x80 | 19, 1, 2], marker: true }]);
  expect(drops).toEqual(['incomplete']);
});

test('the size is what is left after cropping', () => {
  expect(readH265Size(bytes(...sps))).toEqual({ width: 1920, height: 1080 });
});

test('a beginning is a parameter set, alone or in an aggregate', () => {
  expect(startsH265Keyframe(bytes(...aggregate(vps, sps, pps)))).toBe(true);
  expect(startsH265Keyframe(bytes(...vps))).toBe(true);
  expect(startsH265Keyframe(bytes(...idr))).toBe(false);
});
