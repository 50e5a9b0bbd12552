import { describe, expect, test } from 'vitest';
import { ntpToUnixMicros } from '../../recorder/rtp/ntp-time.ts';
import { isRtcp, parseRtp } from '../../recorder/rtp/parse-rtp.ts';
import type { Clip } from './clip/clip.ts';
import { PublishedTrack } from './published-track.ts';
import { PublisherClock } from './publisher-clock.ts';
import { RtpStream } from './rtp/rtp-stream.ts';

/** 25 frames a second; every tenth is a keyframe. The first byte of a frame is its number. */
function clipOf(codec: 'vp8' | 'opus', size = 100): Clip {
  const video = codec === 'vp8';
  return {
    codec,
    encoder: codec,
    kind: video ? 'video' : 'audio',
    clockRate: video ? 90_000 : 48_000,
    frameTicks: video ? 3600 : 960,
    frames: Array.from({ length: 30 }, (_, index) => ({
      units: [new Uint8Array(size).fill(index)],
      isKeyframe: !video || index % 10 === 0,
      temporalLayer: 0,
    })),
    bitrateBps: 0,
    width: 640,
    height: 360,
    channels: 2,
    temporalLayers: 1,
  };
}

function setUp(options: { clip?: Clip; answersKeyframeRequests?: boolean; driftPpm?: number } = {}) {
  let nowMicros = 5_000_000;
  const packets: Buffer[] = [];
  const muted: boolean[] = [];
  const clock = new PublisherClock({
    clock: { monotonicMicros: () => nowMicros, unixMs: () => 1_000_000 },
    offsetMs: 250,
    driftPpm: options.driftPpm,
  });
  const clip = options.clip ?? clipOf('vp8');
  const stream = new RtpStream({
    ssrc: 7,
    payloadType: 96,
    clip,
    cname: 'me',
    identification: [],
    dependencyDescriptorId: 12,
    send: (packet) => packets.push(packet),
  });
  const track = new PublishedTrack({
    sid: 'TR_1',
    mid: '0',
    source: clip.kind === 'video' ? 'camera' : 'microphone',
    clock,
    layers: [{ stream, clip }],
    answersKeyframeRequests: options.answersKeyframeRequests ?? true,
    signalMuted: (value) => muted.push(value),
  });
  track.start(0);
  return {
    track,
    muted,
    packets,
    media: () => packets.filter((packet) => !isRtcp(packet)).flatMap((packet) => parseRtp(packet, 0) ?? []),
    play(ms: number) {
      for (const until = nowMicros + ms * 1000; nowMicros < until; nowMicros += 5000) track.step();
    },
  };
}

const indexesOf = (track: PublishedTrack) => track.sent.map(({ index }) => index);

describe('PublishedTrack', () => {
  test('sends each frame when it is due, with the time it is due', () => {
    const { track, media, play } = setUp();
    play(200);
    expect(indexesOf(track)).toEqual([0, 1, 2, 3, 4]);
    const times = media().map(({ timestamp }) => timestamp);
    expect(times.slice(1).map((time, index) => (time - (times[index] ?? 0)) >>> 0)).toEqual([3600, 3600, 3600, 3600]);
    expect(track.sent.map(({ rtpTimestamp }) => rtpTimestamp)).toEqual(times);
  });

  test('spreads the packets of a large frame over time', () => {
    const { media, play } = setUp({ clip: clipOf('vp8', 25_000) });
    play(5);
    expect(media().length).toBe(10);
    play(30);
    expect(media().length).toBe(Math.ceil(25_000 / 1134));
  });

  test('jumps to the next keyframe when asked, but not right after one', () => {
    const { track, play } = setUp();
    track.handleKeyframeWanted(7);
    play(200);
    track.handleKeyframeWanted(7);
    play(200);
    expect(indexesOf(track)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 10, 11]);
  });

  test('goes on as if nobody had asked, when told so', () => {
    const { track, play } = setUp({ answersKeyframeRequests: false });
    play(400);
    track.handleKeyframeWanted(7);
    play(80);
    expect(indexesOf(track)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(track.keyframeRequests).toBe(1);
  });

  test('sends nothing while muted, then goes on with a keyframe', () => {
    const { track, play, muted } = setUp();
    play(80);
    track.setMuted(true);
    play(400);
    track.setMuted(false);
    play(40);
    expect(indexesOf(track)).toEqual([0, 1, 20]);
    expect(muted).toEqual([true, false]);
  });

  test('is silent while time goes on, then goes on with a keyframe', () => {
    const { track, media, play } = setUp();
    play(40);
    track.silence(120);
    play(160);
    expect(indexesOf(track)).toEqual([0, 10]);
    const [first, second] = media();
    expect(((second?.timestamp ?? 0) - (first?.timestamp ?? 0)) >>> 0).toBe(4 * 3600);
  });

  test('leaps in timestamps while frames go on', () => {
    const { track, media, play } = setUp();
    play(40);
    track.leapTimestamps(3_600_000);
    play(40);
    const [first, second] = media();
    expect(((second?.timestamp ?? 0) - (first?.timestamp ?? 0)) >>> 0).toBe(3600 * 90_000 + 3600);
  });

  test('sends what an encoder with DTX does: a byte now and then', () => {
    const { track, play } = setUp({ clip: clipOf('opus') });
    play(20);
    track.discontinue(1000);
    play(1000);
    expect(track.sent.map(({ index, sizeBytes }) => [index, sizeBytes])).toEqual([
      [0, 100],
      [undefined, 1],
      [undefined, 1],
      [undefined, 1],
    ]);
  });

  test('changes to other pictures at their first frame', () => {
    const { track, media, play } = setUp();
    play(120);
    track.changeClips([clipOf('vp8', 50)]);
    play(80);
    expect(track.sent.map(({ index, sizeBytes }) => [index, sizeBytes])).toEqual([
      [0, 100],
      [1, 100],
      [2, 100],
      [0, 50],
      [1, 50],
    ]);
    const numbers = media().map(({ sequenceNumber }) => sequenceNumber);
    expect(((numbers[3] ?? 0) - (numbers[2] ?? 0)) & 0xffff).toBe(1);
    expect(() => track.changeClips([clipOf('opus')])).toThrow('same codec');
  });

  test("reports the publisher's own wall clock beside its timestamps", () => {
    const { media, packets, play } = setUp({ driftPpm: 1000 });
    play(1200);
    const reports = packets.filter(isRtcp).map((packet) => ({
      ntpMicros: ntpToUnixMicros(packet.readUInt32BE(8), packet.readUInt32BE(12)),
      rtpTimestamp: packet.readUInt32BE(16),
    }));
    expect(reports.length).toBe(2);
    const start = media()[0]?.timestamp ?? 0;
    for (const { ntpMicros, rtpTimestamp } of reports) {
      const sinceStartMicros = ntpMicros - 1_000_250_000;
      expect((((rtpTimestamp - start) >>> 0) / 90_000) * 1_000_000).toBeCloseTo(sinceStartMicros, -2);
    }
    expect((reports[1]?.ntpMicros ?? 0) - (reports[0]?.ntpMicros ?? 0)).toBeGreaterThanOrEqual(1_000_000);
  });
});
