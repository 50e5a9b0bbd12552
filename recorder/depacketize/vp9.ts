/**
 * VP9 (RFC 9628), with spatial layers: packets in order → pictures. A picture of several layers becomes a superframe
 * (VP9 bitstream specification, annex B), of which a decoder shows the last frame. Flexible and non-flexible mode; a server may
 * go over to more or fewer layers between any two pictures, and the picture shown has another size then.
 *
 * Dropped and counted: padding; pictures without their beginning or with a gap.
 */
import { readUint16 } from '../rtp/parse-rtp.ts';
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import { BitReader } from '../segment/bit-reader.ts';
import { FrameParts } from './frame-parts.ts';
import type { PictureSize } from './picture-size.ts';
import type { FinishedFrame, FrameBuilder } from './video-frame-collector.ts';

interface Descriptor {
  bytes: number;
  isInterPredicted: boolean;
  beginsLayerFrame: boolean;
  endsLayerFrame: boolean;
  spatialLayer: number;
  /** Of every spatial layer, where the packet tells them. */
  layerSizes?: PictureSize[];
}

const MOST_LAYERS = 8;
const SYNC_CODE = 0x498342;

/** The payload descriptor, section 4.2; undefined when it does not fit. */
function readDescriptor(payload: Uint8Array): Descriptor | undefined {
  const first = payload[0] ?? 0;
  const has = (bit: number) => (first & bit) !== 0;
  const isFlexible = has(0x10);
  let at = 1;
  if (has(0x80)) at += (payload[at] ?? 0) & 0x80 ? 2 : 1; // picture id of 15 or 7 bits
  let spatialLayer = 0;
  if (has(0x20)) {
    spatialLayer = ((payload[at] ?? 0) >> 1) & 7;
    at += isFlexible ? 1 : 2; // with TL0PICIDX
  }
  if (isFlexible && has(0x40)) {
    // Up to three references, each but the last with the N bit.
    for (let references = 1; ; references += 1) {
      const more = (payload[at] ?? 0) & 1;
      at += 1;
      if (!more) break;
      if (references === 3) return undefined;
    }
  }
  let layerSizes: PictureSize[] | undefined;
  if (has(0x02)) {
    const structure = payload[at] ?? 0;
    at += 1;
    if (structure & 0x10) {
      layerSizes = [];
      for (let layer = 0; layer <= structure >> 5; layer += 1) {
        layerSizes.push({ width: readUint16(payload, at), height: readUint16(payload, at + 2) });
        at += 4;
      }
    }
    if (structure & 0x08) {
      const pictures = payload[at] ?? 0;
      at += 1;
      for (let picture = 0; picture < pictures; picture += 1) at += 1 + (((payload[at] ?? 0) >> 2) & 3);
    }
  }
  if (at >= payload.length) return undefined;
  return {
    bytes: at,
    isInterPredicted: has(0x40),
    beginsLayerFrame: has(0x08),
    endsLayerFrame: has(0x04),
    spatialLayer,
    layerSizes,
  };
}

export function startsVp9Keyframe(payload: Uint8Array): boolean {
  const descriptor = readDescriptor(payload);
  return descriptor?.beginsLayerFrame === true && !descriptor.isInterPredicted && descriptor.spatialLayer === 0;
}

export class Vp9FrameBuilder implements FrameBuilder {
  readonly needsMarker = true;
  readonly #parts = new FrameParts();
  readonly #layerBytes: number[] = [];
  #insideLayer = false;
  #spatialLayer = 0;
  /** Told with keyframes, valid until told anew. */
  #layerSizes: PictureSize[] | undefined;
  #sizesAreNew = false;
  /** Of the picture before. */
  #shownLayer = 0;

  get sizeBytes(): number {
    return this.#parts.sizeBytes;
  }

  add({ payload }: RtpPacket, isFirst: boolean): boolean {
    const descriptor = readDescriptor(payload);
    if (!descriptor || descriptor.beginsLayerFrame === this.#insideLayer) return false;
    if (isFirst && !descriptor.beginsLayerFrame) return false;
    if (descriptor.beginsLayerFrame) {
      if (this.#layerBytes.length === MOST_LAYERS) return false;
      this.#layerBytes.push(0);
    }
    const frame = payload.subarray(descriptor.bytes);
    const layer = this.#layerBytes.length - 1;
    this.#layerBytes[layer] = (this.#layerBytes[layer] ?? 0) + frame.length;
    this.#parts.add(frame);
    this.#spatialLayer = descriptor.spatialLayer;
    this.#insideLayer = !descriptor.endsLayerFrame;
    if (descriptor.layerSizes) {
      this.#layerSizes = descriptor.layerSizes;
      this.#sizesAreNew = true;
    }
    return true;
  }

  finish(): FinishedFrame {
    if (this.#insideLayer || this.#parts.isEmpty) {
      this.clear();
      return 'incomplete';
    }
    if (this.#layerBytes.length > 1) this.#parts.add(superframeIndex(this.#layerBytes));
    const data = this.#parts.take();
    const header = readFrameHeader(data);
    const isOtherSize = header?.isKeyframe || this.#sizesAreNew || this.#spatialLayer !== this.#shownLayer;
    const told = isOtherSize ? this.#layerSizes?.[this.#spatialLayer] : undefined;
    this.clear();
    if (!header) return 'malformed';
    this.#shownLayer = this.#spatialLayer;
    const size = told ?? header.size;
    return { data, isKeyframe: header.isKeyframe, width: size?.width, height: size?.height };
  }

  clear(): void {
    this.#parts.clear();
    this.#layerBytes.length = 0;
    this.#insideLayer = false;
    this.#sizesAreNew = false;
  }
}

/** Annex B.2: the size of every frame, between two equal marker bytes. */
function superframeIndex(sizes: readonly number[]): Uint8Array {
  const sizeBytes = Math.max(...sizes) < 0x10000 ? 2 : 4;
  const index = Buffer.alloc(2 + sizes.length * sizeBytes);
  const marker = 0xc0 | ((sizeBytes - 1) << 3) | (sizes.length - 1);
  index[0] = marker;
  for (const [at, size] of sizes.entries()) index.writeUIntLE(size, 1 + at * sizeBytes, sizeBytes);
  index[index.length - 1] = marker;
  return index;
}

/** The uncompressed header (section 6.2 of the bitstream specification) as far as the size of a keyframe. */
function readFrameHeader(data: Uint8Array): { isKeyframe: boolean; size?: PictureSize } | undefined {
  const reader = new BitReader(data);
  if (reader.bits(2) !== 2) return undefined;
  const profile = reader.bit() + reader.bit() * 2;
  if (profile === 3) reader.skip(1);
  if (reader.flag() || reader.flag()) return { isKeyframe: false }; // show_existing_frame, frame_type
  reader.skip(2); // show_frame, error_resilient_mode
  if (reader.bits(24) !== SYNC_CODE) return undefined;
  if (profile >= 2) reader.skip(1); // bit depth
  const isRgb = reader.bits(3) === 7;
  if (!isRgb) reader.skip(1); // color_range
  if (profile === 1 || profile === 3) reader.skip(isRgb ? 1 : 3); // subsampling, reserved
  return { isKeyframe: true, size: { width: reader.bits(16) + 1, height: reader.bits(16) + 1 } };
}
