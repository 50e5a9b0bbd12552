import { describe, expect, test } from 'vitest';
import { buildNack, buildPictureLossIndication, buildReport } from '../../../recorder/rtp/build-rtcp.ts';
import { parseRtcp, type RtcpSenderReport } from '../../../recorder/rtp/parse-rtcp.ts';
import { buildSenderReport } from './build-sender-report.ts';
import { readFeedback } from './read-feedback.ts';
import { SentPackets } from './sent-packets.ts';

describe('buildSenderReport', () => {
  test('tells the time to the microsecond', () => {
    const ntpMicros = Date.UTC(2031, 5, 1, 12, 30, 15) * 1000 + 123_457;
    const reports: RtcpSenderReport[] = [];
    const bytes = buildSenderReport({
      ssrc: 7,
      ntpMicros,
      rtpTimestamp: 0xffff_ffff,
      packetCount: 10,
      payloadBytes: 1000,
      cname: 'publisher',
    });
    parseRtcp(bytes, 5, { senderReport: (report) => reports.push(report), referenceTimeAnswer: () => undefined });
    expect(reports).toEqual([expect.objectContaining({ ssrc: 7, ntpMicros, rtpTimestamp: 0xffff_ffff })]);
    expect(bytes.length % 4).toBe(0);
  });
});

describe('readFeedback', () => {
  function read(bytes: Buffer) {
    const seen: unknown[] = [];
    readFeedback(bytes, {
      packetsMissing: (ssrc, sequenceNumbers) => seen.push({ ssrc, sequenceNumbers }),
      keyframeWanted: (ssrc) => seen.push({ keyframe: ssrc }),
    });
    return seen;
  }

  test('reads the packets missed, over the wrap', () => {
    expect(read(buildNack(1, 2, [65_530, 65_535, 0, 40]))).toEqual([
      { ssrc: 2, sequenceNumbers: [65_530, 65_535, 0, 40] },
    ]);
  });

  test('finds a keyframe request behind a report', () => {
    const report = buildReport(1, 'someone', [], { seconds: 1, fraction: 0 });
    expect(read(Buffer.concat([report, buildPictureLossIndication(1, 2)]))).toEqual([{ keyframe: 2 }]);
  });

  test('reads a full intra request for each stream it names', () => {
    const fir = Buffer.from(
      '84ce0006' + '00000001' + '00000000' + '0000000a' + '01000000' + '0000000b' + '02000000',
      'hex',
    );
    expect(read(fir)).toEqual([{ keyframe: 10 }, { keyframe: 11 }]);
  });

  test('ignores what is cut off', () => {
    expect(read(buildNack(1, 2, [5]).subarray(0, 14))).toEqual([]);
  });
});

describe('SentPackets', () => {
  test('gives back what was sent, until newer packets took its place', () => {
    const packets = new SentPackets(4);
    const packet = (sequenceNumber: number) => {
      const bytes = Buffer.alloc(12);
      bytes.writeUInt16BE(sequenceNumber, 2);
      return bytes;
    };
    for (const sequenceNumber of [65_534, 65_535, 0, 1, 2]) packets.add(packet(sequenceNumber));
    expect(packets.get(65_534)).toBeUndefined();
    expect(packets.get(65_535)?.readUInt16BE(2)).toBe(65_535);
    expect(packets.get(2)?.readUInt16BE(2)).toBe(2);
    expect(packets.get(3)).toBeUndefined();
  });
});
