/**
 * Real media, damaged on its way in every way one can think of: nothing is thrown, memory stays bounded, and when the damage is
 * over the recording goes on.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clip } from '../../infra/publisher/clip/clip.ts';
import { hardAudio, hardVideo, type VideoEncoder } from '../../infra/publisher/clip/clip-plan.ts';
import { loadClip } from '../../infra/publisher/clip/load-clip.ts';
import { createPacketizer } from '../../infra/publisher/packetize/create-packetizer.ts';
import { buildRtp, buildRtx } from '../../infra/publisher/rtp/build-rtp.ts';
import { buildSenderReport } from '../../infra/publisher/rtp/build-sender-report.ts';
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import { noCounters } from '../participant-source.ts';
import { HeldClock } from '../testing/held-clock.ts';
import { UnreadableInput } from '../unreadable-input.ts';
import { MediaReceivers } from './media-receivers.ts';
import type { PayloadFormat } from './payload-format.ts';

const SSRC = 0x1234_5678;
const RTX_SSRC = 0x2345_6789;
const [MEDIA, RTX, RED, OTHER] = [96, 97, 63, 98];
const FRAME_MS = 33;
/** Frames while packets are damaged, and after. */
const DAMAGED_FRAMES = 12;
const CLEAN_FRAMES = 60;
/** Of these none may be missing: a keyframe has come by then, and what was missing is given up. */
const LAST_FRAMES = 10;

interface Damage {
  packet: number;
  kind: 'flip' | 'cut' | 'grow' | 'zero' | 'lose' | 'twice' | 'late' | 'as-rtx' | 'as-red' | 'as-rtcp' | 'noise';
  at: number;
  value: number;
}

const damages = fc.array(
  fc.record<Damage>({
    packet: fc.nat(200),
    kind: fc.constantFrom(
      'flip',
      'cut',
      'grow',
      'zero',
      'lose',
      'twice',
      'late',
      'as-rtx',
      'as-red',
      'as-rtcp',
      'noise',
    ),
    // Headers are where it hurts.
    at: fc.oneof(fc.nat(40), fc.nat(1200)),
    value: fc.integer({ min: 1, max: 255 }),
  }),
  { minLength: 1, maxLength: 60 },
);

/** The packets of each frame, as a publisher sends them. */
function packetsOf(clip: Clip): Buffer[][] {
  const packetizer = createPacketizer(clip);
  let sequenceNumber = 65_500;
  return Array.from({ length: DAMAGED_FRAMES + CLEAN_FRAMES }, (_, index) => {
    const frame = clip.frames[index % clip.frames.length] ?? { units: [], isKeyframe: false, temporalLayer: 0 };
    const payloads = packetizer.packetize(frame);
    return payloads.map(({ parts, dependencyDescriptor }, place) => {
      sequenceNumber = (sequenceNumber + 1) & 0xffff;
      const timestamp = (0xffff_f000 + index * clip.frameTicks) >>> 0;
      const marker = clip.kind === 'video' && place === payloads.length - 1;
      const extensions = dependencyDescriptor ? [{ id: 5, value: dependencyDescriptor.subarray(0, 16) }] : [];
      return buildRtp({ payloadType: MEDIA, sequenceNumber, timestamp, ssrc: SSRC, marker }, extensions, parts);
    });
  });
}

function damaged(bytes: Buffer, { kind, at, value }: Damage): Buffer[] {
  const copy = Buffer.from(bytes);
  switch (kind) {
    case 'flip':
      copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ value;
      return [copy];
    case 'cut':
      return [copy.subarray(0, at % copy.length)];
    case 'grow':
      return [Buffer.concat([copy, Buffer.alloc(value, at & 0xff)])];
    case 'zero':
      return [copy.fill(0, 12 + (at % copy.length))];
    case 'lose':
    case 'late':
      return [];
    case 'twice':
      return [copy, Buffer.from(bytes)];
    case 'as-rtx':
      return [buildRtx(copy, { payloadType: RTX, ssrc: RTX_SSRC, sequenceNumber: at })];
    case 'as-red':
      copy[1] = ((copy[1] ?? 0) & 0x80) | RED;
      return [copy];
    case 'as-rtcp': {
      const content = {
        ssrc: SSRC,
        ntpMicros: value * 1e12,
        rtpTimestamp: at,
        packetCount: 1,
        payloadBytes: 1,
        cname: 'x',
      };
      const report = buildSenderReport(content);
      report[at % report.length] = value;
      return [copy, report];
    }
    case 'noise':
      return [copy, Buffer.alloc(at, value)];
  }
}

function receive(clip: Clip, list: readonly Damage[]) {
  const clock = new HeldClock();
  const frames: EncodedFrame[] = [];
  const logged: string[] = [];
  const counters = noCounters();
  const formats = new Map<number, PayloadFormat>([
    [MEDIA, { kind: 'media', codec: clip.codec, clockRate: clip.clockRate }],
    [RTX, { kind: 'rtx', mediaPayloadType: MEDIA }],
    [RED, { kind: 'red' }],
    [OTHER, { kind: 'media', codec: clip.codec === 'vp8' ? 'h264' : 'vp8', clockRate: 90_000 }],
  ]);
  const receivers = new MediaReceivers({
    clock,
    ticker: clock.ticker,
    fillerTrailer: Buffer.from('filler'),
    unreadable: new UnreadableInput({ warn: ({ kind }: { kind: string }) => logged.push(kind) }),
    countersOf: () => counters,
    events: {
      started: () => undefined,
      frame: (_trackSid, frame) => frames.push(frame),
      senderReport: () => undefined,
      send: () => undefined,
    },
  });
  receivers.handleOffer([{ mid: '0', kind: clip.kind, trackSid: 'TR', ssrc: SSRC, rtxSsrc: RTX_SSRC, formats }]);
  const late: Buffer[] = [];
  let arrivedBytes = 0;
  const arrive = (bytes: Buffer) => {
    arrivedBytes += bytes.length;
    receivers.handlePacket(bytes);
  };
  let packet = 0;
  const perPacket = new Map<number, Damage[]>();
  packetsOf(clip).forEach((packets, index) => {
    clock.passTo(index * FRAME_MS);
    if (index === 0) {
      const count = 200;
      for (const each of list) {
        const place = each.packet % count;
        perPacket.set(place, [...(perPacket.get(place) ?? []), each]);
      }
    }
    if (index === DAMAGED_FRAMES) for (const bytes of late) arrive(bytes);
    for (const bytes of packets) {
      const wrong = index < DAMAGED_FRAMES ? (perPacket.get(packet) ?? []) : [];
      let copies = [bytes];
      for (const damage of wrong) {
        if (damage.kind === 'late') late.push(bytes);
        copies = copies.flatMap((copy) => (copy.length > 12 ? damaged(copy, damage) : [copy]));
      }
      for (const copy of copies) arrive(Buffer.from(copy));
      packet += 1;
    }
  });
  clock.passTo((DAMAGED_FRAMES + CLEAN_FRAMES) * FRAME_MS + 3000);
  return { frames, logged, arrivedBytes };
}

const video: VideoEncoder[] = ['vp8', 'vp9', 'av1', 'h264-mode0', 'h264-main', 'h265'];
const clips: [string, () => Promise<Clip>][] = [
  ...video.map((encoder): [string, () => Promise<Clip>] => [
    encoder,
    () => loadClip(hardVideo(encoder, { width: 320, height: 180, seconds: 1, keyframeEvery: 15, bitrateBps: 600_000 })),
  ]),
  ['opus', () => loadClip(hardAudio({ seconds: 1 }))],
  ['pcmu', () => loadClip(hardAudio({ seconds: 1, codec: 'pcmu', channels: 1 }))],
];

describe.each(clips)('%s that was damaged', (_name, load) => {
  test('goes on when the damage is over', { timeout: 120_000 }, async () => {
    const clip = await load();
    const expected = receive(clip, []).frames.slice(-LAST_FRAMES);
    expect(expected).toHaveLength(LAST_FRAMES);
    fc.assert(
      fc.property(damages, (list) => {
        const { frames, logged, arrivedBytes } = receive(clip, list);
        const bytes = (all: readonly EncodedFrame[]) => all.map(({ data }) => Buffer.from(data).toString('base64'));
        expect(bytes(frames.slice(-LAST_FRAMES))).toEqual(bytes(expected));
        expect(new Set(logged).size).toBe(logged.length);
        // Lengths of units are added.
        expect(frames.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThan(2 * arrivedBytes);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});
