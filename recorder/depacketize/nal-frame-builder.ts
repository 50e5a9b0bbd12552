/**
 * What H.264 (RFC 6184) and H.265 (RFC 7798) share: packets with whole units, several units, or a piece of one → an access
 * unit, each NAL unit behind a 4-byte length, parameter sets kept where the publisher sent them.
 *
 * Dropped and counted: access units with a gap or an unfinished unit; whatever the format says is made up by the server.
 */
import { readUint16 } from '../rtp/parse-rtp.ts';
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import { NalUnitList } from './nal-unit-list.ts';
import type { PictureSize } from './picture-size.ts';
import type { FinishedFrame, FrameBuilder } from './video-frame-collector.ts';

/** What differs. */
export interface NalFormat {
  headerBytes: number;
  typeOf(firstByte: number): number;
  /** Units stand in a packet by themselves. */
  isUnit(type: number): boolean;
  isKeyframe(type: number): boolean;
  sequenceParameters: number;
  readSize(sequenceParameters: Uint8Array): PictureSize | undefined;
  aggregation: number;
  fragmentation: number;
  /** A fragment has a header byte more: with the unit's type in these bits. */
  fragmentTypeMask: number;
  /** Writes the unit's header so that it ends where the fragment's header does. */
  restoreHeader(fragment: Uint8Array, type: number): void;
  isServerFiller?(size: PictureSize): boolean;
}

const LENGTH_BYTES = 2;
const STARTS = 0x80;
const ENDS = 0x40;

export class NalFrameBuilder implements FrameBuilder {
  /** Units tell their length: where the timestamp changes, the frame before is whole. */
  readonly needsMarker = false;
  readonly #format: NalFormat;
  readonly #units = new NalUnitList();
  #isKeyframe = false;
  #insideFragment = false;
  /** Of the newest parameter set: keyframes may come without one. */
  #size: PictureSize | undefined;
  #sizeIsNew = false;

  constructor(format: NalFormat) {
    this.#format = format;
  }

  get sizeBytes(): number {
    return this.#units.sizeBytes;
  }

  add({ payload }: RtpPacket): boolean {
    const { headerBytes, typeOf, isUnit, aggregation, fragmentation } = this.#format;
    if (payload.length < headerBytes) return false;
    const type = typeOf(payload[0] ?? 0);
    if (type === fragmentation) return this.#addFragment(payload);
    if (this.#insideFragment) return false;
    if (type === aggregation) return this.#addAggregate(payload);
    if (!isUnit(type) || payload.length === headerBytes) return false;
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
    if (isKeyframe && size && this.#format.isServerFiller?.(size)) return 'server-filler';
    return { data, isKeyframe, width: size?.width, height: size?.height };
  }

  clear(): void {
    this.#units.clear();
    this.#isKeyframe = false;
    this.#insideFragment = false;
    this.#sizeIsNew = false;
  }

  #addUnit(unit: Uint8Array): void {
    const { typeOf, isKeyframe, sequenceParameters, readSize } = this.#format;
    this.#units.begin(unit);
    const type = typeOf(unit[0] ?? 0);
    if (isKeyframe(type)) this.#isKeyframe = true;
    if (type === sequenceParameters) {
      this.#size = readSize(unit) ?? this.#size;
      this.#sizeIsNew = true;
    }
  }

  #addAggregate(payload: Uint8Array): boolean {
    let position = this.#format.headerBytes;
    while (position < payload.length) {
      const start = position + LENGTH_BYTES;
      const end = start + readUint16(payload, position);
      if (start >= payload.length || end > payload.length) return false;
      if (end > start) this.#addUnit(payload.subarray(start, end));
      position = end;
    }
    return true;
  }

  #addFragment(payload: Uint8Array): boolean {
    const { headerBytes, fragmentTypeMask, isKeyframe, restoreHeader } = this.#format;
    const header = payload[headerBytes];
    const bodyAt = headerBytes + 1;
    if (header === undefined || payload.length === bodyAt) return false;
    const starts = (header & STARTS) !== 0;
    if (starts === this.#insideFragment) return false;
    if (starts) {
      const type = header & fragmentTypeMask;
      if (isKeyframe(type)) this.#isKeyframe = true;
      // The bytes are ours to change.
      restoreHeader(payload, type);
      this.#units.begin(payload.subarray(bodyAt - headerBytes));
    } else {
      this.#units.append(payload.subarray(bodyAt));
    }
    this.#insideFragment = (header & ENDS) === 0;
    return true;
  }
}
