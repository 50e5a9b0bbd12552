import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildSenderReport } from '../../infra/publisher/rtp/build-sender-report.ts';
import { buildNack, buildPictureLossIndication, buildReport, MOST_NACK_ENTRIES } from './build-rtcp.ts';
import { parseRtcp, type ReferenceTimeAnswer, type RtcpSenderReport } from './parse-rtcp.ts';

function parse(bytes: Uint8Array) {
  const reports: RtcpSenderReport[] = [];
  const answers: ReferenceTimeAnswer[] = [];
  parseRtcp(bytes, 5, {
    senderReport: (report) => reports.push(report),
    referenceTimeAnswer: (answer) => answers.push(answer),
  });
  return { reports, answers };
}

const words = (...values: number[]) => {
  const out = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) out.writeUInt32BE(value >>> 0, index * 4);
  return out;
};
/** 2026-11-21T00:00:00.5Z */
const ntpSeconds = 2_208_988_800 + 1_795_219_200;
const senderReport = words(0x80c80006, 0x1111, ntpSeconds, 0x80000000, 90_000, 10, 1000);

test('a sender report is read anywhere in a compound packet', () => {
  const other = words(0x81ca0002, 0x2222, 0x01000000);
  const { reports } = parse(Buffer.concat([other, senderReport]));
  expect(reports).toEqual([
    {
      ssrc: 0x1111,
      ntpMicros: 1_795_219_200_500_000,
      compactNtp: (((ntpSeconds & 0xffff) << 16) | 0x8000) >>> 0,
      rtpTimestamp: 90_000,
      receivedAtMicros: 5,
    },
  ]);
});

test('an NTP time after the wrap of 2036 is after it', () => {
  const { reports } = parse(words(0x80c80006, 1, 100, 0, 0, 0, 0));
  expect(new Date((reports[0]?.ntpMicros ?? 0) / 1000).getUTCFullYear()).toBe(2036);
});

test('an NTP time is the one that was written, to the microsecond, in both eras', () => {
  const firstMicros = Date.UTC(1968, 1) * 1000;
  const lastMicros = Date.UTC(2104, 0) * 1000;
  fc.assert(
    fc.property(fc.integer({ min: firstMicros, max: lastMicros }), fc.nat(2 ** 32 - 1), (ntpMicros, rtpTimestamp) => {
      const report = { ssrc: 1, ntpMicros, rtpTimestamp, packetCount: 1, payloadBytes: 1, cname: 'x' };
      const [read] = parse(buildSenderReport(report)).reports;
      expect(Math.abs((read?.ntpMicros ?? 0) - ntpMicros)).toBeLessThanOrEqual(1);
      expect(read?.rtpTimestamp).toBe(rtpTimestamp);
    }),
  );
});

test('a sender without a clock says nothing of time', () => {
  expect(parse(words(0x80c80006, 1, 0, 0, 90_000, 0, 0)).reports).toEqual([]);
});

test('answers to reference times are read', () => {
  const { answers } = parse(words(0x80cf0005, 9, 0x05000003, 7, 0x01020304, 655));
  expect(answers).toEqual([{ ssrc: 7, lastReference: 0x01020304, delay: 655 }]);
});

test('a truncated report and one of no known type give nothing', () => {
  expect(parse(senderReport.subarray(0, 24)).reports).toEqual([]);
  expect(parse(words(0x80cd0002, 1, 2)).reports).toEqual([]);
});

test('whatever bytes come, nothing is thrown', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parse(bytes)));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 27 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
      const mutated = Buffer.from(senderReport);
      mutated[at] = value;
      parse(mutated);
    }),
  );
});

test('a report is receiver report, name and reference time, each with its right length', () => {
  const block = {
    ssrc: 0xaabbccdd,
    fractionLost: 12,
    cumulativeLost: -2,
    extendedHighestSequence: 0x10005,
    jitterTicks: 33,
    lastSenderReport: 0x11223344,
    delaySinceLastSenderReport: 65_536,
  };
  const bytes = buildReport(0x01020304, 'recorder', [block], { seconds: 1, fraction: 2 });
  expect(bytes.toString('hex')).toBe(
    [
      '81c9000701020304',
      'aabbccdd0cfffffe00010005000000211122334400010000',
      '81ca0004010203040108',
      Buffer.from('recorder').toString('hex'),
      '0000',
      '80cf000401020304',
      '040000020000000100000002',
    ].join(''),
  );
});

test('a NACK names exactly the packets asked for, across the wrap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff }),
      fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: MOST_NACK_ENTRIES }),
      (first, offsets) => {
        const asked = offsets.sort((a, b) => a - b).map((offset) => (first + offset) & 0xffff);
        const bytes = buildNack(1, 2, asked);
        const named: number[] = [];
        for (let at = 12; at < bytes.length; at += 4) {
          const start = bytes.readUInt16BE(at);
          const following = bytes.readUInt16BE(at + 2);
          named.push(start);
          for (let bit = 0; bit < 16; bit += 1) if (following & (1 << bit)) named.push((start + bit + 1) & 0xffff);
        }
        expect(named).toEqual(asked);
        expect(bytes.readUInt16BE(2)).toBe(bytes.length / 4 - 1);
      },
    ),
  );
});

test('a PLI is twelve bytes', () => {
  expect(buildPictureLossIndication(1, 2).toString('hex')).toBe('81ce00020000000100000002');
});
