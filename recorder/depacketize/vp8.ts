/**
 * VP8 (RFC 7741): packets in order → frames as the encoder made them.
 *
 * Dropped and counted: padding; frames without their beginning or with a gap; the 8x8 keyframes LiveKit sends when it
 * closes a track.
 */
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import { FrameParts } from './frame-parts.ts';
import type { FinishedFrame, FrameBuilder } from './video-frame-collector.ts';

const FILLER_SIDE = 8;

/** Length of the payload descriptor (section 4.2); undefined when it does not fit. */
function descriptorBytes(payload: Uint8Array): number | undefined {
  const first = payload[0];
  if (first === undefined) return undefined;
  let length = 1;
  if (first & 0x80) {
    const extensions = payload[1] ?? 0;
    length = 2;
    if (extensions & 0x80) length += (payload[length] ?? 0) & 0x80 ? 2 : 1; // picture id of 15 or 7 bits
    if (extensions & 0x40) length += 1; // TL0PICIDX
    if (extensions & 0x30) length += 1; // TID, Y and KEYIDX
  }
  return length < payload.length ? length : undefined;
}

/** S set and partition index 0: the first packet of a frame. */
function startsFrame(payload: Uint8Array): boolean {
  return ((payload[0] ?? 0) & 0x17) === 0x10;
}

export function startsVp8Keyframe(payload: Uint8Array): boolean {
  const header = descriptorBytes(payload);
  return header !== undefined && startsFrame(payload) && ((payload[header] ?? 1) & 1) === 0;
}

export class Vp8FrameBuilder implements FrameBuilder {
  readonly needsMarker = true;
  readonly #parts = new FrameParts();

  get sizeBytes(): number {
    return this.#parts.sizeBytes;
  }

  add({ payload }: RtpPacket, isFirst: boolean): boolean {
    const header = descriptorBytes(payload);
    if (header === undefined || startsFrame(payload) !== isFirst) return false;
    this.#parts.add(payload.subarray(header));
    return true;
  }

  finish(): FinishedFrame {
    const data = this.#parts.take();
    // Frame tag and, in keyframes, start code and size (RFC 6386 section 9.1).
    if (((data[0] ?? 1) & 1) !== 0) return { data, isKeyframe: false };
    if (data.length < 10 || data[3] !== 0x9d || data[4] !== 0x01 || data[5] !== 0x2a) return 'malformed';
    const width = (data[6] ?? 0) | (((data[7] ?? 0) & 0x3f) << 8);
    const height = (data[8] ?? 0) | (((data[9] ?? 0) & 0x3f) << 8);
    if (width === FILLER_SIDE && height === FILLER_SIDE) return 'server-filler';
    return { data, isKeyframe: true, width, height };
  }

  clear(): void {
    this.#parts.clear();
  }
}
