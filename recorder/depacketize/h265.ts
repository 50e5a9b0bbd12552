/**
 * H.265 (RFC 7798, one stream, no decoding order numbers): packets in order → access units, each NAL unit behind a
 * 4-byte length, parameter sets kept where the publisher sent them.
 *
 * Read: single NAL units (section 4.4.1), aggregation packets (4.4.2), fragmentation units (4.4.3). Dropped and counted:
 * padding; access units with a gap.
 */
import { readUint16 } from '../rtp/parse-rtp.ts';
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import { type H265Size, readH265Size } from './h265-size.ts';
import { NalUnitList } from './nal-unit-list.ts';
import type { FinishedFrame, FrameBuilder } from './video-frame-collector.ts';

const FIRST_RANDOM_ACCESS = 16;
const LAST_RANDOM_ACCESS = 21;
const VIDEO_PARAMETERS = 32;
const SEQUENCE_PARAMETERS = 33;
const ACCESS_UNIT_DELIMITER = 35;
const AGGREGATION = 48;
const FRAGMENTATION = 49;
const HEADER_BYTES = 2;

const typeOf = (firstByte: number) => (firstByte >> 1) & 0x3f;

/** Begins with a video parameter set, maybe behind a delimiter. */
export function startsH265Keyframe(payload: Uint8Array): boolean {
  const type = typeOf(payload[0] ?? 0);
  const first = type === AGGREGATION ? typeOf(payload[4] ?? 0) : type;
  return first === VIDEO_PARAMETERS || first === SEQUENCE_PARAMETERS || first === ACCESS_UNIT_DELIMITER;
}

export class H265FrameBuilder implements FrameBuilder {
  readonly needsMarker = false;
  readonly #units = new NalUnitList();
  #isKeyframe = false;
  #insideFragment = false;
  /** Of the newest parameter set: keyframes may come without one. */
  #size: H265Size | undefined;
  #sizeIsNew = false;

  get sizeBytes(): number {
    return this.#units.sizeBytes;
  }

  add({ payload }: RtpPacket): boolean {
    if (payload.length <= HEADER_BYTES) return false;
    const type = typeOf(payload[0] ?? 0);
    if (type === FRAGMENTATION) return this.#addFragment(payload);
    if (this.#insideFragment) return false;
    if (type === AGGREGATION) return this.#addAggregate(payload);
    if (type > AGGREGATION) return false;
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
    return { data, isKeyframe, width: size?.width, height: size?.height };
  }

  clear(): void {
    this.#units.clear();
    this.#isKeyframe = false;
    this.#insideFragment = false;
    this.#sizeIsNew = false;
  }

  #noteType(type: number): void {
    if (type >= FIRST_RANDOM_ACCESS && type <= LAST_RANDOM_ACCESS) this.#isKeyframe = true;
  }

  #addUnit(unit: Uint8Array): void {
    this.#units.begin(unit);
    const type = typeOf(unit[0] ?? 0);
    this.#noteType(type);
    if (type === SEQUENCE_PARAMETERS) {
      this.#size = readH265Size(unit) ?? this.#size;
      this.#sizeIsNew = true;
    }
  }

  #addAggregate(payload: Uint8Array): boolean {
    let position = HEADER_BYTES;
    while (position < payload.length) {
      const start = position + 2;
      const end = start + readUint16(payload, position);
      if (start >= payload.length || end > payload.length) return false;
      if (end > start) this.#addUnit(payload.subarray(start, end));
      position = end;
    }
    return true;
  }

  #addFragment(payload: Uint8Array): boolean {
    const header = payload[HEADER_BYTES];
    if (header === undefined || payload.length < 4) return false;
    const starts = (header & 0x80) !== 0;
    if (starts === this.#insideFragment) return false;
    if (starts) {
      const type = header & 0x3f;
      this.#noteType(type);
      // The unit's own header takes the place of the last two of the three header bytes: the bytes are ours to change.
      payload[2] = payload[1] ?? 0;
      payload[1] = ((payload[0] ?? 0) & 0x81) | (type << 1);
      this.#units.begin(payload.subarray(1));
    } else {
      this.#units.append(payload.subarray(3));
    }
    this.#insideFragment = (header & 0x40) === 0;
    return true;
  }
}
