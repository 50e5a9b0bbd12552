/**
 * H.264 (RFC 6184, packetization modes 0 and 1): packets in order → access units, each NAL unit behind a 4-byte length,
 * parameter sets kept where the publisher sent them.
 *
 * Read: single NAL units (section 5.6), STAP-A (5.7.1), FU-A (5.8). The interleaved forms of mode 2 are malformed here;
 * WebRTC does not negotiate them. Dropped and counted: padding; access units with a gap; the 2x2 keyframes LiveKit
 * sends when it closes a track.
 */
import { readUint16 } from '../rtp/parse-rtp.ts';
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import { type H264Size, readH264Size } from './h264-size.ts';
import { NalUnitList } from './nal-unit-list.ts';
import type { FinishedFrame, FrameBuilder } from './video-frame-collector.ts';

const IDR_SLICE = 5;
const SEQUENCE_PARAMETERS = 7;
const ACCESS_UNIT_DELIMITER = 9;
const STAP_A = 24;
const FU_A = 28;
const FILLER_SIDE = 2;

/** Begins with a sequence parameter set, maybe behind a delimiter. */
export function startsH264Keyframe(payload: Uint8Array): boolean {
  const type = (payload[0] ?? 0) & 0x1f;
  if (type === STAP_A) {
    const firstUnit = (payload[3] ?? 0) & 0x1f;
    return firstUnit === SEQUENCE_PARAMETERS || firstUnit === ACCESS_UNIT_DELIMITER;
  }
  return type === SEQUENCE_PARAMETERS || type === ACCESS_UNIT_DELIMITER;
}

export class H264FrameBuilder implements FrameBuilder {
  readonly needsMarker = false;
  readonly #units = new NalUnitList();
  #isKeyframe = false;
  #insideFragment = false;
  /** Of the newest parameter set: keyframes may come without one. */
  #size: H264Size | undefined;
  #sizeIsNew = false;

  get sizeBytes(): number {
    return this.#units.sizeBytes;
  }

  add({ payload }: RtpPacket): boolean {
    const first = payload[0] ?? 0;
    const type = first & 0x1f;
    if (type === FU_A) return this.#addFragment(payload, first);
    if (this.#insideFragment) return false;
    if (type === STAP_A) return this.#addAggregate(payload);
    if (type === 0 || type > 23) return false;
    this.#addUnit(payload);
    return true;
  }

  finish(): FinishedFrame {
    if (this.#units.isEmpty || this.#insideFragment) {
      this.clear();
      return 'incomplete';
    }
    const isKeyframe = this.#isKeyframe;
    const size = isKeyframe || this.#sizeIsNew ? this.#size : undefined;
    const data = this.#units.take();
    this.clear();
    if (isKeyframe && size?.width === FILLER_SIDE && size.height === FILLER_SIDE) return 'server-filler';
    return { data, isKeyframe, width: size?.width, height: size?.height };
  }

  clear(): void {
    this.#units.clear();
    this.#isKeyframe = false;
    this.#insideFragment = false;
    this.#sizeIsNew = false;
  }

  #addUnit(unit: Uint8Array): void {
    this.#units.begin(unit);
    const type = (unit[0] ?? 0) & 0x1f;
    if (type === IDR_SLICE) this.#isKeyframe = true;
    if (type === SEQUENCE_PARAMETERS) {
      this.#size = readH264Size(unit) ?? this.#size;
      this.#sizeIsNew = true;
    }
  }

  #addAggregate(payload: Uint8Array): boolean {
    let position = 1;
    while (position < payload.length) {
      const start = position + 2;
      const end = start + readUint16(payload, position);
      if (start >= payload.length || end > payload.length) return false;
      if (end > start) this.#addUnit(payload.subarray(start, end));
      position = end;
    }
    return true;
  }

  #addFragment(payload: Uint8Array, indicator: number): boolean {
    const header = payload[1];
    if (header === undefined || payload.length < 3) return false;
    const starts = (header & 0x80) !== 0;
    if (starts === this.#insideFragment) return false;
    if (starts) {
      const type = header & 0x1f;
      if (type === IDR_SLICE) this.#isKeyframe = true;
      // The unit's own header takes the place of the fragment header: the bytes are ours to change.
      payload[1] = (indicator & 0xe0) | type;
      this.#units.begin(payload.subarray(1));
    } else {
      this.#units.append(payload.subarray(2));
    }
    this.#insideFragment = (header & 0x40) === 0;
    return true;
  }
}
