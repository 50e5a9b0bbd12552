import { describe, expect, test } from 'vitest';
import { H264Packetizer } from './h264.ts';
import { MOST_PAYLOAD_BYTES } from './packetizer.ts';
import { frameOf, joined, patternBytes, payloadsOf } from './testing-frames.ts';

const sps = Uint8Array.of(0x67, 1, 2, 3);
const pps = Uint8Array.of(0x68, 4);

describe('H264Packetizer', () => {
  test('puts small NAL units into one STAP-A with the highest NRI', () => {
    const sei = Uint8Array.of(0x06, 9);
    const payloads = payloadsOf(new H264Packetizer(), frameOf([sps, pps, sei]));
    expect(payloads.map((payload) => [...payload])).toEqual([
      [0x78, 0, 4, 0x67, 1, 2, 3, 0, 2, 0x68, 4, 0, 2, 0x06, 9],
    ]);
  });

  test('sends a NAL unit that is alone and fits as it is', () => {
    const slice = patternBytes(MOST_PAYLOAD_BYTES, 0x41);
    const payloads = payloadsOf(new H264Packetizer(), frameOf([slice]));
    expect(payloads).toEqual([slice]);
  });

  test('cuts a large NAL unit into FU-A that fit, after what came before it', () => {
    const slice = patternBytes(3000, 0x65);
    const [parameters, ...fragments] = payloadsOf(new H264Packetizer(), frameOf([sps, pps, slice], true));
    expect(parameters?.[0]).toBe(0x78);
    expect(fragments.map((payload) => [payload[0], payload[1]])).toEqual([
      [0x7c, 0x85],
      [0x7c, 0x05],
      [0x7c, 0x45],
    ]);
    for (const payload of fragments) expect(payload.length).toBeLessThanOrEqual(MOST_PAYLOAD_BYTES);
    expect(joined([slice.subarray(0, 1), ...fragments.map((payload) => payload.subarray(2))])).toEqual(slice);
  });

  test('sends each NAL unit alone in mode 0', () => {
    const payloads = payloadsOf(new H264Packetizer(0), frameOf([sps, pps]));
    expect(payloads).toEqual([sps, pps]);
  });
});
