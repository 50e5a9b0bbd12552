import { describe, expect, test } from 'vitest';
import { noCounters } from '../participant-source.ts';
import { HeldClock } from '../testing/held-clock.ts';
import { UnreadableInput } from '../unreadable-input.ts';
import { MediaReceivers } from './media-receivers.ts';
import type { OfferedTrack } from './subscriber-offer.ts';

const video: OfferedTrack = {
  mid: '0',
  kind: 'video',
  trackSid: 'TR_video',
  ssrc: 1,
  rtxSsrc: 2,
  formats: new Map([
    [96, { kind: 'media', codec: 'vp8', clockRate: 90_000 }],
    [97, { kind: 'rtx', mediaPayloadType: 96 }],
  ]),
};
const keyframe = [0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01, 7];
const delta = [0x10, 0x11, 1, 1];

function rtp(ssrc: number, sequence: number, payload: readonly number[], frame = sequence): Buffer {
  const bytes = Buffer.alloc(12 + payload.length);
  bytes[0] = 0x80;
  bytes[1] = 0x80 | (ssrc === 1 ? 96 : 97);
  bytes.writeUInt16BE(sequence, 2);
  bytes.writeUInt32BE(frame * 3000, 4);
  bytes.writeUInt32BE(ssrc, 8);
  bytes.set(payload, 12);
  return bytes;
}

function receivers() {
  const clock = new HeldClock();
  const frames: string[] = [];
  const counters = noCounters();
  const unreadable = new UnreadableInput({ warn: () => undefined });
  const all = new MediaReceivers({
    clock,
    ticker: clock.ticker,
    fillerTrailer: new Uint8Array(),
    unreadable,
    countersOf: () => counters,
    events: {
      started: () => undefined,
      frame: (trackSid, frame) => frames.push(`${trackSid} ${frame.rtpTimestamp / 3000}`),
      senderReport: () => undefined,
      send: () => undefined,
    },
  });
  all.handleOffer([video]);
  let isComplete = false;
  /** Whether it is, after what had to run has run. */
  const complete = () => {
    void all.complete().then(() => {
      isComplete = true;
    });
  };
  const completed = async () => {
    await new Promise(setImmediate);
    return isComplete;
  };
  return { all, clock, frames, unreadable, complete, completed };
}

test('what is no RTP or RTCP of an offered stream is counted', () => {
  const { all, unreadable, frames } = receivers();
  all.handlePacket(Buffer.alloc(0));
  all.handlePacket(rtp(77, 1, keyframe));
  all.handlePacket(rtp(78, 1, keyframe));
  // A sender report that ends too early, and one behind which something else begins.
  all.handlePacket(Buffer.from([0x80, 200, 0, 6, 0, 0, 0, 1]));
  all.handlePacket(Buffer.from([0x80, 203, 0, 0, 0, 0, 0, 1]));
  expect(Object.fromEntries(unreadable.counts)).toEqual({ RTP: 1, 'RTP of an unknown stream': 2, RTCP: 2 });
  expect(frames).toEqual([]);
});

describe('completing', () => {
  test('takes no time when nothing is missing', async () => {
    const { all, complete, completed } = receivers();
    all.handlePacket(rtp(1, 1, keyframe));
    complete();
    expect(await completed()).toBe(true);
  });

  test('waits until what is missing came', async () => {
    const { all, clock, frames, complete, completed } = receivers();
    all.handlePacket(rtp(1, 1, keyframe));
    all.handlePacket(rtp(1, 3, delta));
    complete();
    clock.passTo(100);
    expect(await completed()).toBe(false);
    all.handlePacket(rtp(2, 9, [0, 2, ...delta], 2));
    all.handlePacket(rtp(1, 4, delta));
    clock.passTo(125);
    expect(await completed()).toBe(true);
    expect(frames).toEqual(['TR_video 1', 'TR_video 2', 'TR_video 3']);
  });

  test('ends when what is missing is given up, and when the connection is closed', async () => {
    for (const end of ['given up', 'closed']) {
      const { all, clock, frames, complete, completed } = receivers();
      all.handlePacket(rtp(1, 1, keyframe));
      all.handlePacket(rtp(1, 3, delta));
      complete();
      clock.passTo(900);
      expect(await completed()).toBe(false);
      if (end === 'closed') all.close();
      else clock.passTo(1000);
      expect(await completed()).toBe(true);
      expect(frames).toEqual(['TR_video 1', 'TR_video 3']);
    }
  });
});
