/**
 * VP9 (RFC 9628) in non-flexible mode: a frame in pieces, each behind a payload descriptor with a 15-bit picture ID
 * (section 4.2). Keyframes carry the scalability structure: one spatial layer with its size and, with temporal layers,
 * the pictures of a period and what they refer to.
 */
import type { ClipFrame } from '../clip/clip.ts';
import { MOST_PAYLOAD_BYTES, type Packetizer, type RtpPayload } from './packetizer.ts';
import { splitEvenly } from './split-evenly.ts';

const PICTURE_ID = 0x80;
const INTER = 0x40;
const LAYERS = 0x20;
const BEGINNING = 0x08;
const END = 0x04;
const STRUCTURE = 0x02;
const SWITCHING_UP = 0x10;
const HAS_SIZES = 0x10;
const HAS_PICTURES = 0x08;
const MOST_DESCRIPTOR_BYTES = 5 + 24;

/** Temporal layer, whether one may switch up here, and the distances of the pictures referred to. */
type GroupPicture = [layer: number, switchingUp: boolean, ...distances: number[]];
/** What the encoder's layering modes 2 and 3 do. */
const groups: Record<number, GroupPicture[]> = {
  2: [
    [0, false, 2],
    [1, true, 1],
  ],
  3: [
    [0, false, 4],
    [2, true, 1],
    [1, true, 2],
    [2, false, 1],
  ],
};

export interface Vp9PacketizerOptions {
  width: number;
  height: number;
  temporalLayers?: number;
  pictureId?: number;
}

export class Vp9Packetizer implements Packetizer {
  #structure: Uint8Array;
  readonly #temporalLayers: number;
  #pictureId: number;
  #tl0PicIdx = 0;
  #previousLayer = 0;

  constructor({ width, height, temporalLayers = 1, pictureId = 0 }: Vp9PacketizerOptions) {
    this.#temporalLayers = temporalLayers;
    this.#pictureId = pictureId;
    this.#structure = scalabilityStructure(width, height, groups[temporalLayers] ?? []);
  }

  resize(width: number, height: number): void {
    this.#structure = scalabilityStructure(width, height, groups[this.#temporalLayers] ?? []);
  }

  packetize(frame: ClipFrame): RtpPayload[] {
    const [data = new Uint8Array()] = frame.units;
    if (frame.temporalLayer === 0) this.#tl0PicIdx = (this.#tl0PicIdx + 1) & 0xff;
    const pieces = splitEvenly(data, MOST_PAYLOAD_BYTES - MOST_DESCRIPTOR_BYTES);
    const payloads = pieces.map((piece, index) => ({
      parts: [this.#descriptor(frame, index === 0, index === pieces.length - 1), piece],
    }));
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    this.#previousLayer = frame.temporalLayer;
    return payloads;
  }

  #descriptor(frame: ClipFrame, isFirst: boolean, isLast: boolean): Uint8Array {
    const withStructure = frame.isKeyframe && isFirst;
    const layered = this.#temporalLayers > 1;
    const first =
      PICTURE_ID |
      (frame.isKeyframe ? 0 : INTER) |
      (layered ? LAYERS : 0) |
      (isFirst ? BEGINNING : 0) |
      (isLast ? END : 0) |
      (withStructure ? STRUCTURE : 0);
    const bytes = [first, 0x80 | (this.#pictureId >> 8), this.#pictureId & 0xff];
    if (layered) {
      // One may switch up to this layer here: it refers to the base layer only.
      const isSync = frame.temporalLayer === 1 || (frame.temporalLayer > 1 && this.#previousLayer === 0);
      bytes.push((frame.temporalLayer << 5) | (isSync ? SWITCHING_UP : 0), this.#tl0PicIdx);
    }
    if (withStructure) bytes.push(...this.#structure);
    return Uint8Array.from(bytes);
  }
}

/** Section 4.2.1: N_S = 0 (one spatial layer), Y (sizes), G (pictures of a group). */
function scalabilityStructure(width: number, height: number, pictures: readonly GroupPicture[]): Uint8Array {
  const bytes = [
    HAS_SIZES | (pictures.length > 0 ? HAS_PICTURES : 0),
    width >> 8,
    width & 0xff,
    height >> 8,
    height & 0xff,
  ];
  if (pictures.length > 0) bytes.push(pictures.length);
  for (const [layer, switchingUp, ...distances] of pictures) {
    bytes.push((layer << 5) | (switchingUp ? SWITCHING_UP : 0) | (distances.length << 2), ...distances);
  }
  return Uint8Array.from(bytes);
}
