import { describe, expect, it } from 'vitest';
import type { ReceiveCounters, TrackDescription } from './participant-source.ts';
import { RecordingTally } from './recording-tally.ts';
import type { TimedFrame } from './timeline/timed-frame.ts';

const counters = new Map<string, ReceiveCounters>();

function count(trackSid: string, packetsReceived: number, more: Partial<ReceiveCounters> = {}): void {
  const rest = { packetsRepaired: 0, packetsLost: 0, framesDropped: {}, jitterMs: 0 };
  counters.set(trackSid, { ...rest, packetsReceived, ...more });
}

function newTally(): RecordingTally {
  counters.clear();
  return new RecordingTally({ counters: (trackSid) => counters.get(trackSid) });
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
});
