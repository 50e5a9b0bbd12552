import { describe, expect, test } from 'vitest';
import { H265Packetizer } from './h265.ts';
import { MOST_PAYLOAD_BYTES } from './packetizer.ts';
import { frameOf, joined, patternBytes, payloadsOf } from './testing-frames.ts';

describe('H265Packetizer', () => {
  test('puts small NAL units into one aggregation packet', () => {
    const vps = Uint8Array.of(0x40, 0x01, 7);
    const sps = Uint8Array.of(0x42, 0x01, 8, 9);
    const payloads = payloadsOf(new H265Packetizer(), frameOf([vps, sps]));
    // Type 48, layer 0, temporal id 1.
    expect(payloads.map((payload) => [...payload])).toEqual([[0x60, 0x01, 0, 3, 0x40, 1, 7, 0, 4, 0x42, 1, 8, 9]]);
  });

  test('cuts a large NAL unit into fragmentation units that fit', () => {
    const slice = patternBytes(3000, 0x26); // IDR_W_RADL
    const payloads = payloadsOf(new H265Packetizer(), frameOf([slice], true));
    const temporalId = slice[1];
    expect(payloads.map((payload) => [...payload.subarray(0, 3)])).toEqual([
      [0x62, temporalId, 0x93],
      [0x62, temporalId, 0x13],
      [0x62, temporalId, 0x53],
    ]);
    for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(MOST_PAYLOAD_BYTES);
    expect(joined([slice.subarray(0, 2), ...payloads.map((payload) => payload.subarray(3))])).toEqual(slice);
  });
});
