import { describe, expect, test } from 'vitest';
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import { noCounters } from '../participant-source.ts';
import type { PayloadFormat } from './payload-format.ts';
import { TrackReceiver } from './track-receiver.ts';

const videoFormats = new Map<number, PayloadFormat>([
  [96, { kind: 'media', codec: 'vp8', clockRate: 90_000 }],
  [97, { kind: 'rtx', mediaPayloadType: 96 }],
  [98, { kind: 'media', codec: 'vp9', clockRate: 90_000 }],
]);
const audioFormats = new Map<number, PayloadFormat>([
  [111, { kind: 'media', codec: 'opus', clockRate: 48_000, channels: 2 }],
  [63, { kind: 'red' }],
]);
const keyframe = [0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01, 7];
const delta = [0x10, 0x11, 1, 1];
const trailer = [0xca, 0xfe, 0xba, 0xbe];

function rtp(payloadType: number, sequence: number, timestamp: number, payload: number[], marker = true): Buffer {
  const bytes = Buffer.alloc(12 + payload.length);
  bytes[0] = 0x80;
  bytes[1] = payloadType | (marker ? 0x80 : 0);
  bytes.writeUInt16BE(sequence & 0xffff, 2);
  bytes.writeUInt32BE(timestamp >>> 0, 4);
  bytes.writeUInt32BE(1, 8);
  bytes.set(payload, 12);
  return bytes;
}

function receiver(kind: 'video' | 'audio') {
  const frames: EncodedFrame[] = [];
  const started: string[] = [];
  const sent: string[] = [];
  const counters = noCounters();
  const track = new TrackReceiver({
    kind,
    ssrc: 1,
    senderSsrc: 2,
    formats: kind === 'video' ? videoFormats : audioFormats,
    counters,
    fillerTrailer: Uint8Array.from(trailer),
    events: {
      started: (codec) => started.push(codec),
      frame: (frame) => frames.push(frame),
      send: (rtcp) => sent.push(`${rtcp[1] === 205 ? 'nack' : 'pli'} ${rtcp.subarray(12).toString('hex')}`.trim()),
    },
  });
  const timestamps = () => frames.map((frame) => frame.rtpTimestamp);
  return { track, frames, started, sent, counters, timestamps };
}

describe('a picture', () => {
  test('that was lost is asked for and put in its place when it comes by RTX', () => {
    const { track, sent, counters, timestamps } = receiver('video');
    track.handleRtp(rtp(96, 65_534, 0, keyframe), 0, 0);
    track.handleRtp(rtp(96, 0, 6000, delta), 40_000, 0);
    track.tick(60_000, 0);
    expect(sent).toEqual(['nack ffff0000']);
    track.handleRtp(rtp(97, 9, 3000, [0xff, 0xff, ...delta]), 70_000, 0);
    expect(timestamps()).toEqual([0, 3000, 6000]);
    expect(counters).toMatchObject({ packetsReceived: 3, packetsRepaired: 1, packetsLost: 0, framesRepaired: 1 });
  });

  test('that was repaired is counted, and those after it are not', () => {
    const { track, counters, frames } = receiver('video');
    track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
    track.handleRtp(rtp(96, 5, 9000, delta), 100_000, 0);
    track.tick(120_000, 0);
    for (const [sequence, timestamp] of [
      [2, 3000],
      [3, 6000],
      [4, 7500],
    ] as const) {
      track.handleRtp(rtp(97, sequence, timestamp, [0, sequence, ...delta]), 130_000, 0);
    }
    track.handleRtp(rtp(96, 6, 12_000, delta), 140_000, 0);
    expect(frames).toHaveLength(6);
    expect(counters).toMatchObject({ packetsRepaired: 3, framesRepaired: 3 });
  });

  test('that comes twice, or after it was given up, is counted', () => {
    const { track, counters, frames } = receiver('video');
    track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
    track.handleRtp(rtp(96, 1, 0, keyframe), 1000, 0);
    track.handleRtp(rtp(96, 3, 6000, delta), 40_000, 0);
    track.tick(3_000_000, 0);
    track.handleRtp(rtp(97, 2, 3000, [0, 2, ...delta]), 3_010_000, 0);
    expect(frames).toHaveLength(2);
    expect(counters).toMatchObject({ packetsLost: 1, framesDropped: { 'late-or-duplicate': 2 } });
  });

  test('keeps the longest time without a packet', () => {
    const { track, counters } = receiver('video');
    expect(counters.longestQuietMicros).toBeUndefined();
    track.handleRtp(rtp(96, 1, 0, keyframe), 5_000_000, 0);
    track.handleRtp(rtp(96, 2, 3000, delta), 5_400_000, 0);
    track.handleRtp(rtp(96, 3, 6000, delta), 5_440_000, 0);
    expect(counters.longestQuietMicros).toBe(400_000);
    // Nothing came since: a report says how long that is already.
    track.report(6_440_000);
    expect(counters.longestQuietMicros).toBe(1_000_000);
  });

  test('that never comes is counted, the next says so, and a keyframe is asked for', () => {
    const { track, frames, sent, counters } = receiver('video');
    track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
    track.handleRtp(rtp(96, 3, 6000, delta), 200_000, 0);
    track.tick(1_200_000, 0);
    expect(frames.map((frame) => frame.afterLoss)).toEqual([false, true]);
    expect(counters.packetsLost).toBe(1);
    expect(sent.at(-1)).toBe('pli');
  });

  test('made up by the server is not one, and no loss', () => {
    const { track, frames, counters } = receiver('video');
    track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
    track.handleRtp(rtp(96, 2, 3000, delta, false), 0, 0);
    track.handleRtp(rtp(96, 3, 3000, [...delta, ...trailer]), 0, 0);
    track.handleRtp(rtp(96, 4, 9000, keyframe), 0, 0);
    expect(frames.map(({ rtpTimestamp, afterLoss }) => [rtpTimestamp, afterLoss])).toEqual([
      [0, false],
      [9000, false],
    ]);
    expect(counters.framesDropped).toEqual({ 'server-filler': 1 });
  });

  test('of another codec is a new start', () => {
    const { track, started, frames } = receiver('video');
    track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
    track.handleRtp(rtp(98, 2, 3000, [0x0c, 0x86, 1]), 0, 0);
    expect(started).toEqual(['vp8', 'vp9']);
    expect(frames.map((frame) => frame.codec)).toEqual(['vp8', 'vp9']);
  });

  test('of a publisher that ignores requests is still delivered', () => {
    const { track, frames, sent } = receiver('video');
    track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
    track.handleRtp(rtp(96, 3, 6000, delta), 0, 0);
    for (let second = 1; second <= 60; second += 1) {
      track.handleRtp(rtp(96, 3 + second, 6000 + second * 90_000, delta), second * 1_000_000, 0);
      for (let part = 0; part < 10; part += 1) track.tick(second * 1_000_000 + part * 100_000, 0);
    }
    expect(frames).toHaveLength(62);
    const asked = sent.filter((request) => request === 'pli').length;
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThan(15);
  });
});

test('while the first keyframe comes no other is asked for: the server would stop to repair it', () => {
  const { track, sent, frames } = receiver('video');
  track.handleRtp(rtp(96, 1, 0, keyframe, false), 0, 0);
  track.handleRtp(rtp(96, 3, 0, [0, 1], true), 50_000, 0);
  for (let ms = 0; ms < 900; ms += 25) {
    track.tick(ms * 1000, 0);
    track.requestKeyframe(ms * 1000);
  }
  expect(sent).not.toContain('pli');
  track.handleRtp(rtp(97, 1, 0, [0, 2, 0, 2], false), 900_000, 0);
  expect(frames).toMatchObject([{ isKeyframe: true }]);
});

test('a first keyframe that is lost is asked for again', () => {
  const { track, sent } = receiver('video');
  track.handleRtp(rtp(96, 1, 0, keyframe, false), 0, 0);
  track.handleRtp(rtp(96, 3, 0, [0, 1], true), 50_000, 0);
  for (let ms = 0; ms < 3000; ms += 25) {
    track.handleRtp(rtp(96, 4 + ms / 25, 3000 + ms * 90, delta), ms * 1000, 0);
    track.tick(ms * 1000, 0);
    track.requestKeyframe(ms * 1000);
  }
  expect(sent).toContain('pli');
});

describe('sound', () => {
  const red = (previous: number[], primary: number[]) => [
    0xef,
    (960 >> 6) & 0xff,
    ((960 << 2) & 0xff) | (previous.length >> 8),
    previous.length,
    0x6f,
    ...previous,
    ...primary,
  ];

  test('that was lost is taken from the redundancy of the next packet', () => {
    const { track, frames, counters, sent } = receiver('audio');
    track.handleRtp(rtp(63, 65_535, 0, red([9], [1])), 0, 0);
    track.handleRtp(rtp(63, 1, 1920, red([2, 2], [3])), 40_000, 0);
    expect(frames.map(({ rtpTimestamp, data }) => [rtpTimestamp, [...data]])).toEqual([
      [0, [1]],
      [960, [2, 2]],
      [1920, [3]],
    ]);
    expect(counters).toMatchObject({ packetsReceived: 3, packetsRepaired: 1, packetsLost: 0, framesRepaired: 1 });
    track.handleRtp(rtp(63, 0, 960, red([1], [2, 2])), 41_000, 0);
    expect(frames).toHaveLength(3);
    expect(sent).toEqual([]);
  });

  test('that the server makes up when a track is muted or closed is not stored, nor is padding', () => {
    const { track, frames, counters } = receiver('audio');
    const silence = [0x6f, 0xf8, 0xff, 0xfe, ...new Array<number>(77).fill(0)];
    track.handleRtp(rtp(63, 1, 0, red([9], [1])), 0, 0);
    track.handleRtp(rtp(63, 2, 960, silence), 20_000, 0);
    track.handleRtp(rtp(63, 3, 1920, [0x6f, 0xf8, 0xff, ...trailer]), 40_000, 0);
    track.handleRtp(rtp(63, 4, 2880, []), 60_000, 0);
    expect(frames).toHaveLength(1);
    expect(counters.framesDropped).toEqual({ 'server-filler': 2, padding: 1 });
  });

  test('without redundancy is asked for, and sent again as it was', () => {
    const { track, counters, timestamps, sent } = receiver('audio');
    track.handleRtp(rtp(111, 1, 0, [1]), 0, 0);
    track.handleRtp(rtp(111, 3, 1920, [3]), 0, 0);
    track.tick(20_000, 0);
    expect(sent).toEqual(['nack 00020000']);
    track.handleRtp(rtp(111, 2, 960, [2]), 30_000, 0);
    expect(timestamps()).toEqual([0, 960, 1920]);
    expect(counters).toMatchObject({ packetsRepaired: 1, framesRepaired: 1 });
  });
});

test('packets that nobody offered and broken ones are counted', () => {
  const { track, counters } = receiver('video');
  track.handleRtp(rtp(50, 1, 0, [1]), 0, 0);
  track.handleRtp(Buffer.from([1, 2, 3]), 0, 0);
  expect(counters.framesDropped).toEqual({ 'unknown-payload': 1, malformed: 1 });
});

test('after the process stood still nothing is given up before what came meanwhile is read', () => {
  const { track, timestamps } = receiver('video');
  track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
  track.handleRtp(rtp(96, 3, 6000, delta), 0, 0);
  track.tick(25_000, 0);
  track.tick(5_000_000, 0);
  track.handleRtp(rtp(97, 9, 3000, [0, 2, ...delta]), 5_000_000, 0);
  expect(timestamps()).toEqual([0, 3000, 6000]);
  track.handleRtp(rtp(96, 5, 12_000, delta), 5_000_000, 0);
  for (let ms = 5000; ms <= 6000; ms += 25) track.tick(ms * 1000, 0);
  expect(timestamps()).toEqual([0, 3000, 6000, 12_000]);
});

test('a process that always stands still gives up too', () => {
  const { track, timestamps } = receiver('video');
  track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
  track.handleRtp(rtp(96, 3, 6000, delta), 0, 0);
  for (let ms = 0; ms <= 4000; ms += 800) track.tick(ms * 1000, 0);
  expect(timestamps()).toEqual([0, 6000]);
});

test('when it ends only what is missing is taken', () => {
  const { track, timestamps, sent } = receiver('video');
  track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
  track.handleRtp(rtp(96, 3, 6000, delta), 0, 0);
  track.end();
  expect(track.isWhole).toBe(false);
  track.handleRtp(rtp(96, 4, 9000, delta), 10_000, 0);
  track.handleRtp(rtp(97, 9, 3000, [0, 2, ...delta]), 20_000, 0);
  expect(timestamps()).toEqual([0, 3000, 6000]);
  expect(track.isWhole).toBe(true);
  expect(sent).not.toContain('pli');
});

test('when it ends, what is missing is given up in time', () => {
  const { track, timestamps, sent } = receiver('video');
  track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
  track.handleRtp(rtp(96, 3, 6000, delta), 500_000, 0);
  track.end();
  track.tick(1_500_000, 0);
  expect(timestamps()).toEqual([0, 6000]);
  expect(track.isWhole).toBe(true);
  expect(sent).not.toContain('pli');
});

test('closing delivers what is whole', () => {
  const { track, timestamps } = receiver('video');
  track.handleRtp(rtp(96, 1, 0, keyframe), 0, 0);
  track.handleRtp(rtp(96, 3, 6000, delta), 0, 0);
  track.close();
  expect(timestamps()).toEqual([0, 6000]);
});
