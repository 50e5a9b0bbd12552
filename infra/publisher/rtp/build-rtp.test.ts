import { describe, expect, test } from 'vitest';
import { parseRtp } from '../../../recorder/rtp/parse-rtp.ts';
import { unwrapRtx } from '../../../recorder/rtp/unwrap-rtx.ts';
import { buildRtp, buildRtx } from './build-rtp.ts';

const header = { payloadType: 96, sequenceNumber: 65_535, timestamp: 0xffff_fff0, ssrc: 0x8000_0001, marker: true };
const payload = [Uint8Array.of(1, 2), Uint8Array.of(3)];

describe('buildRtp', () => {
  test('writes what a parser reads again', () => {
    const extensions = [
      { id: 4, value: Buffer.from('0') },
      { id: 12, value: new Uint8Array(13).fill(7) },
    ];
    const packet = parseRtp(buildRtp(header, extensions, payload), 0);
    expect(packet).toMatchObject(header);
    expect([...(packet?.payload ?? [])]).toEqual([1, 2, 3]);
    expect(new Map([...(packet?.extensions ?? [])].map(([id, value]) => [id, [...value]]))).toEqual(
      new Map([
        [4, [0x30]],
        [12, new Array<number>(13).fill(7)],
      ]),
    );
  });

  test('has twelve bytes of header without extensions', () => {
    expect(buildRtp(header, [], payload).toString('hex')).toBe('80e0ffff' + 'fffffff0' + '80000001' + '010203');
  });

  test('refuses an extension that its form has no room for', () => {
    expect(() => buildRtp(header, [{ id: 1, value: new Uint8Array(17) }], payload)).toThrow(RangeError);
  });
});

describe('buildRtx', () => {
  test('makes a packet from which the lost one comes back, extensions included', () => {
    const lost = buildRtp(header, [{ id: 4, value: Buffer.from('0') }], payload);
    const rtx = parseRtp(buildRtx(lost, { payloadType: 97, ssrc: 5, sequenceNumber: 9 }), 0);
    expect(rtx).toMatchObject({ payloadType: 97, ssrc: 5, sequenceNumber: 9, marker: true });
    const packet = rtx && unwrapRtx(rtx, header.ssrc, header.payloadType);
    expect(packet).toEqual(expect.objectContaining(header));
    expect([...(packet?.payload ?? [])]).toEqual([1, 2, 3]);
    expect(packet?.extensions?.size).toBe(1);
  });
});
