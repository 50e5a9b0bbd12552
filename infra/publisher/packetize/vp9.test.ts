import { describe, expect, test } from 'vitest';
import { MOST_PAYLOAD_BYTES } from './packetizer.ts';
import { frameOf, headOf, joined, patternBytes, payloadsOf } from './testing-frames.ts';
import { Vp9Packetizer } from './vp9.ts';

describe('Vp9Packetizer', () => {
  test('sends the size with the first packet of a keyframe only', () => {
    const packetizer = new Vp9Packetizer({ width: 1280, height: 720, pictureId: 1 });
    const payloads = payloadsOf(packetizer, frameOf([patternBytes(2000)], true));
    expect(payloads.length).toBe(2);
    // I, B, V; picture 1; one spatial layer, Y; 1280 x 720.
    expect(headOf(payloads[0], 8)).toEqual([0x8a, 0x80, 0x01, 0x10, 0x05, 0x00, 0x02, 0xd0]);
    // I, E; picture 1.
    expect(headOf(payloads[1], 3)).toEqual([0x84, 0x80, 0x01]);
  });

  test('cuts a large frame into packets that fit, in order and whole', () => {
    const data = patternBytes(5000);
    const payloads = payloadsOf(new Vp9Packetizer({ width: 640, height: 360 }), frameOf([data]));
    for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(MOST_PAYLOAD_BYTES);
    expect(payloads.map((payload) => payload[0])).toEqual([0xc8, ...payloads.slice(2).map(() => 0xc0), 0xc4]);
    expect(joined(payloads.map((payload) => payload.subarray(3)))).toEqual(data);
  });

  test('describes a group of pictures in temporal layers', () => {
    const packetizer = new Vp9Packetizer({ width: 640, height: 360, temporalLayers: 3 });
    const [key] = payloadsOf(packetizer, frameOf([patternBytes(10)], true));
    // I, L, B, E, V; picture; TID 0, TL0PICIDX 1; Y and G; size; four pictures.
    expect(headOf(key, 19)).toEqual([
      ...[0xae, 0x80, 0x00, 0x00, 0x01, 0x18, 0x02, 0x80, 0x01, 0x68, 4],
      ...[0x04, 4, 0x54, 1, 0x34, 2, 0x44, 1],
    ]);
    const [top] = payloadsOf(packetizer, frameOf([patternBytes(10)], false, 2));
    expect(headOf(top, 5)).toEqual([0xec, 0x80, 0x01, 0x50, 0x01]);
  });
});
