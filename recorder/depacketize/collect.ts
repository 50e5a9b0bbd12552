import type { Codec } from '../contract/media.ts';
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import { receivableCodecs } from './codecs.ts';
import type { DropReason } from './depacketizer.ts';
import type { EncodedFrame } from './encoded-frame.ts';

/** A packet of a test. Unsaid: timestamp 0, no marker, no gap before it. */
export interface TestPacket {
  payload: readonly number[] | Uint8Array;
  timestamp?: number;
  marker?: boolean;
  afterGap?: boolean;
}

/** What a codec's depacketizer makes of packets, for tests. */
export function collect(codec: Codec, packets: readonly TestPacket[]): { frames: EncodedFrame[]; drops: DropReason[] } {
  const frames: EncodedFrame[] = [];
  const drops: DropReason[] = [];
  const depacketizer = receivableCodecs[codec].createDepacketizer({
    frame: (frame) => frames.push(frame),
    dropped: (reason) => drops.push(reason),
  });
  for (const [index, { payload, timestamp = 0, marker = false, afterGap = false }] of packets.entries()) {
    const packet: RtpPacket = {
      ssrc: 1,
      payloadType: 96,
      sequenceNumber: index & 0xffff,
      timestamp,
      marker,
      payload: Uint8Array.from(payload),
      receivedAtMicros: index,
    };
    depacketizer.push(packet, afterGap);
  }
  return { frames, drops };
}

export const bytes = (...values: number[]) => Uint8Array.from(values);
export const hex = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString('hex');
