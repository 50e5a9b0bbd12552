import { describe, expect, it } from 'vitest';
import {
  formatBitrate,
  formatBytes,
  formatCodec,
  formatCount,
  formatDuration,
  formatPosition,
  formatSpan,
} from './format.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0:00'],
    [999, '0:00'],
    [7_000, '0:07'],
    [754_000, '12:34'],
    [3_599_999, '59:59'],
    [3_600_000, '1:00:00'],
    [90_061_000, '25:01:01'],
    [-5, '0:00'],
  ])('shows %i ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

it('shows a position to the tenth of a second, cut and not rounded', () => {
  expect(formatPosition(7_399)).toBe('0:07.3');
  expect(formatPosition(59_999)).toBe('0:59.9');
});

describe('formatSpan', () => {
  it.each([
    [40, '40 ms'],
    [1_200, '1.2 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [185_000, '3 min 5 s'],
    [7_260_000, '2 h 1 min'],
  ])('shows %i ms as %s', (ms, text) => expect(formatSpan(ms)).toBe(text));
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [9_960, '10 kB'],
    [999_600, '1.0 MB'],
    [4_213_000_000, '4.2 GB'],
    [5e15, '5000 TB'],
  ])('shows %i as %s, never a four-digit figure below the last unit', (bytes, text) =>
    expect(formatBytes(bytes)).toBe(text),
  );
});

it('shows bitrates in bits', () => expect(formatBitrate(2_148_000)).toBe('2.1 Mbps'));

it('groups thousands with a narrow space', () => expect(formatCount(1234567)).toBe('1\u202f234\u202f567'));

it('knows codecs by LiveKit and by recorder name, and shows an unknown one as it is', () => {
  expect(formatCodec('video/VP8')).toBe('VP8');
  expect(formatCodec('h264')).toBe('H.264');
  expect(formatCodec('audio/red')).toBe('Opus RED');
  expect(formatCodec('video/vvc')).toBe('VVC');
  expect(formatCodec('')).toBe('Unknown');
});
