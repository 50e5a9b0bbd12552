import { describe, expect, it } from 'vitest';
import { trackSummarySchema } from './contract/media.ts';
import type { ReceiveCounters, TrackDescription } from './participant-source.ts';
import { RecordingTally } from './recording-tally.ts';
import type { TimedFrame } from './timeline/timed-frame.ts';

const counters = new Map<string, ReceiveCounters>();
let nowMicros = 0;

function count(trackSid: string, packetsReceived: number, more: Partial<ReceiveCounters> = {}): void {
  const rest = { packetsRepaired: 0, packetsLost: 0, framesDropped: {}, jitterMs: 0 };
  counters.set(trackSid, { ...rest, packetsReceived, ...more });
}

function newTally(): RecordingTally {
  counters.clear();
  nowMicros = 0;
  return new RecordingTally({ counters: (trackSid) => counters.get(trackSid) }, { monotonicMicros: () => nowMicros });
}

function camera(trackSid: string, codec: 'vp8' | 'h264' = 'vp8'): TrackDescription {
  return { trackSid, source: 'camera', kind: 'video', codec, clockRate: 90_000 };
}

function frame(trackSid: string, more: Partial<TimedFrame> = {}): TimedFrame {
  const times = { presentationMicros: 0, rtpTimestamp: 0, receivedAtMicros: 0 };
  return { ...times, trackSid, codec: 'vp8', data: new Uint8Array(100), isKeyframe: false, afterLoss: false, ...more };
}

describe('RecordingTally', () => {
  it('lists a source once per codec, with the size of its newest keyframe, and not before a frame is kept', () => {
    const tally = newTally();
    tally.trackStarted(camera('one'));
    expect(tally.tracks).toEqual([]);
    tally.kept(frame('one', { isKeyframe: true, width: 320, height: 180 }));
    tally.kept(frame('one', { isKeyframe: true, width: 640, height: 360 }));
    tally.trackStarted(camera('two'));
    tally.kept(frame('two'));
    tally.trackStarted(camera('two', 'h264'));
    tally.kept(frame('two'));
    expect(tally.tracks).toMatchObject([
      { codec: 'vp8', frames: 3, keyframes: 2, sizeBytes: 300, width: 640, height: 360, medium: 'camera' },
      { codec: 'h264', frames: 1, keyframes: 0, sizeBytes: 100 },
    ]);
  });

  it('counts the packets of a track once, over its end, its return and a change of codec', () => {
    const tally = newTally();
    count('one', 5);
    tally.trackStarted(camera('one'));
    tally.kept(frame('one'));
    count('one', 10, { packetsLost: 2 });
    expect(tally.tracks[0]?.packetsReceived).toBe(10);
    tally.trackEnded('one');
    expect(tally.tracks[0]?.packetsReceived).toBe(10);
    // It comes again over another connection, and its counters go on.
    tally.trackStarted(camera('one'));
    count('one', 30, { packetsLost: 2, packetsRepaired: 4 });
    expect(tally.tracks[0]).toMatchObject({ packetsReceived: 30, packetsLost: 2, packetsRepaired: 4 });
    tally.trackStarted(camera('one', 'h264'));
    tally.kept(frame('one'));
    count('one', 37, { packetsLost: 3, packetsRepaired: 4 });
    expect(tally.tracks).toMatchObject([
      { codec: 'vp8', packetsReceived: 30, packetsLost: 2, packetsRepaired: 4 },
      { codec: 'h264', packetsReceived: 7, packetsLost: 1, packetsRepaired: 0 },
    ]);
    expect(tally.stats).toMatchObject({ packetsLost: 3, packetsRepaired: 4 });
  });

  it('adds up drops by reason, those of the receive side and those behind it', () => {
    const tally = newTally();
    tally.trackStarted(camera('one'));
    tally.kept(frame('one'));
    count('one', 1, { framesDropped: { incomplete: 2, paused: 1 } });
    tally.dropped('one', 'paused');
    tally.dropped('unknown', 'paused');
    expect(tally.tracks[0]?.framesDropped).toEqual({ incomplete: 2, paused: 2 });
  });

  it('works out rates over the last second, of pictures and of all bytes', () => {
    const tally = newTally();
    tally.tick(0);
    tally.trackStarted(camera('one'));
    tally.trackStarted({ trackSid: 'two', source: 'microphone', kind: 'audio', codec: 'opus', clockRate: 48_000 });
    for (let index = 0; index < 30; index += 1) tally.kept(frame('one'));
    for (let index = 0; index < 50; index += 1) tally.kept(frame('two', { codec: 'opus' }));
    tally.tick(500_000);
    expect(tally.stats.framesPerSecond).toBe(0);
    tally.tick(1_000_000);
    expect(tally.stats).toMatchObject({ framesPerSecond: 30, bitrateBps: 64_000 });
    tally.tick(2_000_000);
    expect(tally.stats).toMatchObject({ framesPerSecond: 0, bitrateBps: 0 });
  });

  it('counts packets without media apart from frames that were dropped', () => {
    const tally = newTally();
    tally.trackStarted(camera('one'));
    tally.kept(frame('one'));
    count('one', 9, { framesDropped: { padding: 3, 'server-filler': 2, 'unknown-payload': 1, incomplete: 4 } });
    tally.dropped('one', 'back-pressure');
    expect(tally.tracks[0]).toMatchObject({
      packetsIgnored: { padding: 3, 'server-filler': 2, 'unknown-payload': 1 },
      framesDropped: { incomplete: 4, 'back-pressure': 1 },
    });
    expect(tally.stats.tracks).toMatchObject([{ framesDropped: 5 }]);
  });

  it('lists every size with the time from which it was seen', () => {
    const tally = newTally();
    tally.trackStarted(camera('one'));
    const sizes = [
      [1920, 1080],
      [1920, 1080],
      [1280, 720],
      [1920, 1080],
    ] as const;
    for (const [index, [width, height]] of sizes.entries()) {
      tally.kept(frame('one', { presentationMicros: index * 1_000_000, isKeyframe: true, width, height }));
      tally.kept(frame('one', { presentationMicros: index * 1_000_000 + 40_000 }));
    }
    expect(tally.tracks[0]?.resolutions).toEqual([
      { fromMicros: 0, width: 1920, height: 1080 },
      { fromMicros: 2_000_000, width: 1280, height: 720 },
      { fromMicros: 3_000_000, width: 1920, height: 1080 },
    ]);
  });

  it('keeps its list of sizes bounded, and still knows the newest', () => {
    const tally = newTally();
    tally.trackStarted(camera('one'));
    for (let index = 1; index <= 500; index += 1) {
      tally.kept(frame('one', { presentationMicros: index * 40_000, isKeyframe: true, width: index, height: 100 }));
    }
    expect(tally.tracks[0]?.resolutions).toHaveLength(100);
    expect(tally.tracks[0]).toMatchObject({ width: 500 });
    expect(trackSummarySchema.parse(tally.tracks[0])).toEqual(tally.tracks[0]);
  });

  it('measures how unevenly frames follow each other, and takes holes for gaps', () => {
    const tally = newTally();
    tally.trackStarted(camera('one'));
    // Every 40 ms, one of them 8 ms late, then a hole of two seconds.
    const timesMs = [0, 40, 80, 128, 160, 200, 2200, 2240];
    for (const timeMs of timesMs) tally.kept(frame('one', { presentationMicros: timeMs * 1000 }));
    const [track] = tally.tracks;
    expect(track?.presentationJitterMs.maximum).toBeGreaterThanOrEqual(8);
    expect(track?.presentationJitterMs.maximum).toBeLessThan(9);
    expect(track?.presentationJitterMs.average).toBeGreaterThan(1);
    expect(track?.presentationJitterMs.average).toBeLessThan(track?.presentationJitterMs.maximum ?? 0);
    // Eight frames of 40 ms, the hole left out.
    expect(Math.round((track?.mediaMs ?? 0) / 40)).toBe(8);
  });

  it('takes a camera that goes over to a lower rate as even', () => {
    const tally = newTally();
    tally.trackStarted(camera('one'));
    for (let index = 0; index < 25; index += 1) tally.kept(frame('one', { presentationMicros: index * 40_000 }));
    for (let index = 0; index < 20; index += 1)
      tally.kept(frame('one', { presentationMicros: 1_000_000 + index * 250_000 }));
    expect(tally.tracks[0]?.presentationJitterMs).toEqual({ average: 0, maximum: 0 });
    expect(tally.tracks[0]?.mediaMs).toBeGreaterThan(5000);
  });

  it('finds no jitter in even sound with pauses between the words', () => {
    const tally = newTally();
    tally.trackStarted({ trackSid: 'two', source: 'microphone', kind: 'audio', codec: 'opus', clockRate: 48_000 });
    for (let word = 0; word < 5; word += 1) {
      for (let packet = 0; packet < 10; packet += 1) {
        tally.kept(frame('two', { codec: 'opus', presentationMicros: word * 600_000 + packet * 20_000 }));
      }
    }
    expect(tally.tracks[0]).toMatchObject({ presentationJitterMs: { average: 0, maximum: 0 }, mediaMs: 1000 });
  });

  it('times one frame in 32 from its last packet on', () => {
    const tally = newTally();
    tally.trackStarted(camera('one'));
    for (let index = 1; index <= 64; index += 1) {
      nowMicros = index * 40_000 + (index === 32 ? 300 : 100);
      tally.kept(frame('one', { presentationMicros: index * 40_000, receivedAtMicros: index * 40_000 }));
    }
    expect(tally.tracks[0]?.processingMicros).toBe(200);
  });

  it('keeps the longest time without a packet over the return of a track', () => {
    const tally = newTally();
    tally.trackStarted(camera('one'));
    tally.kept(frame('one'));
    count('one', 5, { longestQuietMicros: 2_000_400, jitterMs: 3.456, roundTripMs: 20 });
    tally.trackEnded('one');
    tally.trackStarted(camera('two'));
    count('two', 5, { longestQuietMicros: 40_000, jitterMs: 1 });
    expect(tally.tracks[0]).toMatchObject({ longestQuietMs: 2000, jitterMs: 1, roundTripMs: 20 });
  });

  it('shows only tracks that are published now among the live ones', () => {
    const tally = newTally();
    tally.trackStarted(camera('one'));
    tally.kept(frame('one', { width: 640, height: 360, isKeyframe: true }));
    tally.tick(1_000_000);
    expect(tally.stats.tracks).toMatchObject([{ source: 'camera', codec: 'vp8', width: 640, framesPerSecond: 1 }]);
    tally.trackEnded('one');
    expect(tally.stats.tracks).toEqual([]);
    expect(tally.tracks).toHaveLength(1);
  });
});
