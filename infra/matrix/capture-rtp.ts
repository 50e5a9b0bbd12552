/**
 * `node infra/dev/run.mjs infra/matrix/capture-rtp.ts`: makes the fixtures of recorder/depacketize/captures anew. Publishers that
 * people use are recorded through a real LiveKit server, and the first packets of each stream are kept.
 *
 * The recorder has no place for this: its receivers are listened to from outside, here only.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MediaReceivers } from '../../recorder/rtp/media-receivers.ts';
import { isRtcp, ssrcOf } from '../../recorder/rtp/parse-rtp.ts';
import type { OfferedTrack } from '../../recorder/rtp/subscriber-offer.ts';
import { writeRtpCapture } from '../../recorder/testing/rtp-capture.ts';
import { projectFolder } from '../dev/prepare.mjs';
import { startLiveKit } from '../dev/start-livekit.ts';
import type { PagePlan } from './chromium/publisher-page.ts';
import { type EncoderCase, recordEncoder } from './record-encoder.ts';

const VIDEO_BYTES = 36_000;
const AUDIO_BYTES = 6000;

function chromium(name: string, plan: Partial<PagePlan> & Pick<PagePlan, 'codec'>): EncoderCase {
  const small = { width: 320, height: 180, framesPerSecond: 10, audio: false };
  return { name, frames: 30, publisher: { kind: 'chromium', plan: { ...small, ...plan } } };
}

/** Three spatial layers need a picture of this size. */
const layered = { width: 960, height: 540, scalabilityMode: 'L3T3_KEY' } as const;

const cases: readonly EncoderCase[] = [
  chromium('chromium-vp8', { codec: 'vp8', audio: true }),
  chromium('chromium-vp8-simulcast', { codec: 'vp8', simulcast: true, width: 960, height: 540 }),
  chromium('chromium-vp9', { codec: 'vp9', scalabilityMode: 'L1T3' }),
  chromium('chromium-vp9-layers', { codec: 'vp9', ...layered }),
  chromium('chromium-av1', { codec: 'av1', scalabilityMode: 'L1T3' }),
  chromium('chromium-av1-layers', { codec: 'av1', ...layered }),
  chromium('chromium-h264', { codec: 'h264' }),
  { name: 'rtc-node-vp8', frames: 40, publisher: { kind: 'rtc-node', codec: 'vp8', seconds: 3 } },
  { name: 'rtc-node-h264', frames: 40, publisher: { kind: 'rtc-node', codec: 'h264', seconds: 3 } },
];

/** Packets by stream, of whoever receives at the moment. */
const offered = new Map<number, OfferedTrack>();
const received = new Map<number, Buffer[]>();

function listen(): void {
  const { handleOffer, handlePacket } = MediaReceivers.prototype;
  MediaReceivers.prototype.handleOffer = function (this: MediaReceivers, tracks: readonly OfferedTrack[]) {
    for (const track of tracks) {
      offered.set(track.ssrc, track);
      if (track.rtxSsrc !== undefined) offered.set(track.rtxSsrc, track);
    }
    return handleOffer.call(this, tracks);
  };
  MediaReceivers.prototype.handlePacket = function (this: MediaReceivers, bytes: Buffer) {
    const track = isRtcp(bytes) || bytes.length < 12 ? undefined : offered.get(ssrcOf(bytes));
    if (track) received.set(track.ssrc, [...(received.get(track.ssrc) ?? []), Buffer.from(bytes)]);
    return handlePacket.call(this, bytes);
  };
}

/** As many as fit, to the end of a picture. */
function firstOf(packets: readonly Buffer[], kind: 'video' | 'audio'): Buffer[] {
  let bytes = 0;
  const fitting = packets.filter((packet) => {
    bytes += packet.length;
    return bytes <= (kind === 'video' ? VIDEO_BYTES : AUDIO_BYTES);
  });
  const isWhole = (packet: Buffer) => kind === 'audio' || ((packet[1] ?? 0) & 0x80) !== 0;
  return fitting.slice(0, fitting.findLastIndex(isWhole) + 1);
}

async function main(): Promise<void> {
  listen();
  const folder = await mkdtemp(join(tmpdir(), 'capture-rtp-'));
  const livekit = await startLiveKit({ onProgress: (message) => process.stderr.write(`${message}\n`) });
  try {
    for (const row of cases) {
      offered.clear();
      received.clear();
      const { how } = await recordEncoder({ livekit, folder }, row);
      for (const [ssrc, all] of received) {
        const track = offered.get(ssrc);
        if (!track || (track.kind === 'audio' && !row.name.endsWith('vp8'))) continue;
        const { kind, dependencyDescriptorId } = track;
        const packets = firstOf(all, kind);
        const formats = [...track.formats];
        const name = kind === 'video' ? row.name : row.name.replace(/vp8$/, 'opus');
        const path = join(projectFolder, 'recorder', 'depacketize', 'captures', `${name}.rtp`);
        await writeFile(path, writeRtpCapture({ about: how, kind, ssrc, dependencyDescriptorId, formats, packets }));
        process.stdout.write(`${name}: ${packets.length} packets, ${how}\n`);
      }
    }
  } finally {
    await livekit.stop();
    await rm(folder, { recursive: true });
  }
}

await main();
