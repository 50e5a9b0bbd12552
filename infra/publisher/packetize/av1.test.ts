import { describe, expect, test } from 'vitest';
import { Av1Packetizer } from './av1.ts';
import { MOST_PAYLOAD_BYTES } from './packetizer.ts';
import { frameOf, joined, patternBytes, payloadsOf } from './testing-frames.ts';

const size = { width: 1280, height: 720 };
const sequenceHeader = patternBytes(12, 0x08);
const frame = (bytes: number) => patternBytes(bytes, 0x30);

describe('Av1Packetizer', () => {
  test('counts up to three elements and leaves out the length of the last', () => {
    const payloads = new Av1Packetizer(size).packetize(frameOf([sequenceHeader, frame(300)], true));
    const [payload] = payloads.map(({ parts }) => joined(parts));
    expect(payloads.length).toBe(1);
    // W = 2, N = 1.
    expect([payload?.[0], payload?.[1]]).toEqual([0x28, 12]);
    expect(payload?.subarray(2)).toEqual(joined([sequenceHeader, frame(300)]));
  });

  test('gives every element a length when there are more than three', () => {
    const obus = [frame(5), frame(200), frame(6), frame(7)];
    const [payload] = payloadsOf(new Av1Packetizer(size), frameOf(obus));
    expect(payload).toEqual(
      joined([
        Uint8Array.of(0x00, 5),
        frame(5),
        Uint8Array.of(0xc8, 0x01),
        frame(200),
        Uint8Array.of(6),
        frame(6),
        Uint8Array.of(7),
        frame(7),
      ]),
    );
  });

  test('goes on with an OBU in the next packet', () => {
    const obu = frame(3000);
    const payloads = payloadsOf(new Av1Packetizer(size), frameOf([obu]));
    for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(MOST_PAYLOAD_BYTES);
    expect(payloads.map((payload) => payload[0])).toEqual([0x50, 0xd0, 0x90]);
    expect(joined(payloads.map((payload) => payload.subarray(1)))).toEqual(obu);
  });

  test('describes keyframes with a structure, and numbers frames', () => {
    const packetizer = new Av1Packetizer(size);
    const key = packetizer.packetize(frameOf([frame(1500)], true)).map((payload) => payload.dependencyDescriptor);
    const next = packetizer.packetize(frameOf([frame(10)])).map((payload) => payload.dependencyDescriptor);
    const hex = (descriptor?: Uint8Array) => Buffer.from(descriptor ?? []).toString('hex');
    // First packet, template 0, frame 0; then the structure, bit by bit as in the specification's appendix A.8.3.
    const structure = ['10000', '000000', '00000', '00', '11', '10', '10', '0', '1', '0000', '0', '1', '0000', '0001'];
    const resolution = ['1', (1280 - 1).toString(2).padStart(16, '0'), (720 - 1).toString(2).padStart(16, '0')];
    const bits = ['10', '000000', '0'.repeat(16), ...structure, ...resolution].join('').padEnd(104, '0');
    expect(key.map(hex)).toEqual([BigInt(`0b${bits}`).toString(16), '400000']);
    // Both first and last, template 1, frame 1.
    expect(next.map(hex)).toEqual(['c10001']);
  });
});
