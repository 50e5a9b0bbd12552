/** Packets that LiveKit really sent, of publishers that people use: each picture comes out whole, and ffmpeg decodes it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { noCounters } from '../participant-source.ts';
import { TrackReceiver } from '../rtp/track-receiver.ts';
import { Segmenter } from '../segment/segmenter.ts';
import { decode } from '../testing/probe.ts';
import { type RtpCapture, readRtpCapture } from '../testing/rtp-capture.ts';
import type { EncodedFrame } from './encoded-frame.ts';

// ffmpeg decodes here, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const PACKET_MICROS = 1000;
const capturesFolder = join(import.meta.dirname, 'captures');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'captures-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function receive({ kind, ssrc, dependencyDescriptorId, formats, packets }: RtpCapture) {
  const frames: EncodedFrame[] = [];
  const counters = noCounters();
  const receiver = new TrackReceiver({
    kind,
    ssrc,
    senderSsrc: 1,
    formats: new Map(formats),
    dependencyDescriptorId,
    counters,
    fillerTrailer: new Uint8Array(),
    events: { started: () => undefined, frame: (frame) => frames.push(frame), send: () => undefined },
  });
  for (const [index, packet] of packets.entries()) receiver.handleRtp(packet, index * PACKET_MICROS, undefined);
  receiver.close();
  return { frames, counters };
}

/** Ten a second. */
function writeFile(name: string, frames: readonly EncodedFrame[]): string {
  const pieces: Uint8Array[] = [];
  const segmenter = new Segmenter({
    medium: 'camera',
    segmentMs: 60_000,
    onSegment: ({ bytes }) => pieces.push(Buffer.from(bytes)),
  });
  frames.forEach((frame, index) => {
    segmenter.add({ ...frame, trackSid: name, presentationMicros: index * 100_000 });
  });
  segmenter.close();
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(pieces));
  return path;
}

function distinctTimestamps({ packets }: RtpCapture): number {
  return new Set(packets.map((packet) => packet.readUInt32BE(4))).size;
}

const captures: { name: string; codec: string; frames: number; sizes?: string[]; shown?: number }[] = [
  { name: 'chromium-vp8', codec: 'vp8', frames: 29, sizes: ['320,180'] },
  { name: 'chromium-vp8-simulcast', codec: 'vp8', frames: 22, sizes: ['320,180', '960,540'] },
  { name: 'chromium-vp9', codec: 'vp9', frames: 30, sizes: ['320,180'] },
  // ffmpeg shows each layer of the keyframe; browsers the highest.
  { name: 'chromium-vp9-layers', codec: 'vp9', frames: 10, shown: 12, sizes: ['240,136', '480,270', '960,540'] },
  { name: 'chromium-av1', codec: 'av1', frames: 30, sizes: ['320,180'] },
  { name: 'chromium-av1-layers', codec: 'av1', frames: 19, sizes: ['960,540'] },
  { name: 'chromium-h264', codec: 'h264', frames: 30, sizes: ['320,180'] },
  { name: 'rtc-node-vp8', codec: 'vp8', frames: 15, sizes: ['640,360'] },
  { name: 'rtc-node-h264', codec: 'h264', frames: 59, sizes: ['640,360'] },
  { name: 'chromium-opus', codec: 'opus', frames: 95 },
  { name: 'rtc-node-opus', codec: 'opus', frames: 41 },
];

describe('every frame is whole, begins with a keyframe and is decoded by ffmpeg, of', () => {
  for (const { name, codec, frames: count, sizes = [], shown = count } of captures) {
    test(name, () => {
      const capture = readRtpCapture(readFileSync(join(capturesFolder, `${name}.rtp`), 'utf8'));
      const { frames, counters } = receive(capture);
      expect(counters).toMatchObject({ packetsLost: 0, framesDropped: {} });
      expect(new Set(frames.map((frame) => frame.codec))).toEqual(new Set([codec]));
      // The server begins with a keyframe: each timestamp is a frame.
      expect(frames.length).toBe(count);
      expect(distinctTimestamps(capture)).toBe(count);
      expect(frames[0]).toMatchObject({ isKeyframe: true });
      expect(frames.filter(({ afterLoss }) => afterLoss)).toEqual([]);
      const pictures = codec === 'opus' ? 0 : shown;
      expect(decode(writeFile(name, frames))).toEqual({ errors: '', videoFrames: pictures, sizes });
    });
  }
});
