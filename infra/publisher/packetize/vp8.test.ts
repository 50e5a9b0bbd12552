import { describe, expect, test } from 'vitest';
import { MOST_PAYLOAD_BYTES } from './packetizer.ts';
import { frameOf, headOf, joined, patternBytes, payloadsOf } from './testing-frames.ts';
import { Vp8Packetizer } from './vp8.ts';

describe('Vp8Packetizer', () => {
  test('marks the first packet of a frame, counts pictures in 15 bits', () => {
    const packetizer = new Vp8Packetizer({ pictureId: 0x7fff });
    const first = payloadsOf(packetizer, frameOf([patternBytes(100)]));
    expect(first.map((payload) => [...payload.subarray(0, 4)])).toEqual([[0x90, 0x80, 0xff, 0xff]]);
    const [second] = payloadsOf(packetizer, frameOf([patternBytes(100)]));
    expect(headOf(second, 4)).toEqual([0x90, 0x80, 0x80, 0x00]);
  });

  test('cuts a large frame into packets that fit, in order and whole', () => {
    const data = patternBytes(5000);
    const payloads = payloadsOf(new Vp8Packetizer(), frameOf([data]));
    expect(payloads.length).toBe(Math.ceil(5000 / (MOST_PAYLOAD_BYTES - 6)));
    for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(MOST_PAYLOAD_BYTES);
    expect(payloads.map((payload) => payload[0])).toEqual([0x90, ...payloads.slice(1).map(() => 0x80)]);
    expect(joined(payloads.map((payload) => payload.subarray(4)))).toEqual(data);
  });

  test('says which temporal layer a picture is in, and where one may switch up', () => {
    const packetizer = new Vp8Packetizer({ temporalLayers: 3 });
    const layers = [0, 2, 1, 2, 0];
    const headers = layers.map((layer) => {
      const [payload] = packetizer.packetize(frameOf([patternBytes(10)], false, layer));
      const bytes = joined(payload?.parts ?? []);
      return {
        nonReference: ((bytes[0] ?? 0) & 0x20) !== 0,
        tl0: bytes[4],
        layer: (bytes[5] ?? 0) >> 6,
        sync: ((bytes[5] ?? 0) & 0x20) !== 0,
      };
    });
    expect(headers).toEqual([
      { nonReference: false, tl0: 1, layer: 0, sync: false },
      { nonReference: true, tl0: 1, layer: 2, sync: true },
      { nonReference: false, tl0: 1, layer: 1, sync: true },
      { nonReference: true, tl0: 1, layer: 2, sync: false },
      { nonReference: false, tl0: 2, layer: 0, sync: false },
    ]);
  });
});
