import { expect, test } from 'vitest';
import { ReceptionStatistics } from './reception-statistics.ts';

const packet = (sequenceNumber: number, timestamp: number, receivedAtMicros: number) => ({
  ssrc: 1,
  payloadType: 96,
  sequenceNumber: sequenceNumber & 0xffff,
  timestamp,
  marker: false,
  payload: new Uint8Array(),
  receivedAtMicros,
});

test('loss is counted over the wrap, in whole and since the last report', () => {
  const statistics = new ReceptionStatistics(1);
  for (const sequence of [65_534, 65_535, 1, 3]) statistics.packet(packet(sequence, 0, 0), 90_000);
  expect(statistics.report(0)).toMatchObject({
    cumulativeLost: 2,
    fractionLost: Math.floor((2 * 256) / 6),
    extendedHighestSequence: 0x10003,
  });
  for (const sequence of [4, 5]) statistics.packet(packet(sequence, 0, 0), 90_000);
  expect(statistics.report(0)).toMatchObject({ cumulativeLost: 2, fractionLost: 0 });
});

test('jitter is that of RFC 3550, and a jump of timestamps is none', () => {
  const statistics = new ReceptionStatistics(1);
  statistics.packet(packet(0, 0, 0), 90_000);
  // 10 ms late: 900 ticks, of which a sixteenth counts.
  statistics.packet(packet(1, 3000, 43_333), 90_000);
  expect(statistics.jitterMs).toBeCloseTo(10 / 16, 1);
  statistics.packet(packet(2, 90_000_000, 76_667), 90_000);
  expect(statistics.jitterMs).toBeCloseTo(10 / 16, 1);
});

test('the last sender report is given back with its age', () => {
  const statistics = new ReceptionStatistics(1);
  expect(statistics.report(0)).toMatchObject({ lastSenderReport: 0, delaySinceLastSenderReport: 0 });
  statistics.senderReport({ ssrc: 1, ntpMicros: 0, compactNtp: 77, rtpTimestamp: 0, receivedAtMicros: 1_000_000 });
  expect(statistics.report(1_500_000)).toMatchObject({ lastSenderReport: 77, delaySinceLastSenderReport: 32_768 });
});
