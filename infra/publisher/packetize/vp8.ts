/**
 * VP8 (RFC 7741): a frame in pieces, each behind a payload descriptor with a 15-bit picture ID and, with temporal layers,
 * TL0PICIDX and TID (section 4.2). The first partition is not told apart from the others, as WebRTC does: PID is 0.
 */
import type { ClipFrame } from '../clip/clip.ts';
import { MOST_PAYLOAD_BYTES, type Packetizer, type RtpPayload } from './packetizer.ts';
import { splitEvenly } from './split-evenly.ts';

const EXTENDED = 0x80;
const NON_REFERENCE = 0x20;
const START = 0x10;
const PICTURE_ID = 0x80;
const TL0PICIDX = 0x40;
const TID = 0x20;
const LAYER_SYNC = 0x20;
const MOST_DESCRIPTOR_BYTES = 6;

export class Vp8Packetizer implements Packetizer {
  readonly #temporalLayers: number;
  #pictureId: number;
  #tl0PicIdx = 0;
  #previousLayer = 0;

  constructor({ temporalLayers = 1, pictureId = 0 } = {}) {
    this.#temporalLayers = temporalLayers;
    this.#pictureId = pictureId;
  }

  packetize(frame: ClipFrame): RtpPayload[] {
    const [data = new Uint8Array()] = frame.units;
    if (frame.temporalLayer === 0) this.#tl0PicIdx = (this.#tl0PicIdx + 1) & 0xff;
    const payloads = splitEvenly(data, MOST_PAYLOAD_BYTES - MOST_DESCRIPTOR_BYTES).map((piece, index) => ({
      parts: [this.#descriptor(frame, index === 0), piece],
    }));
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    this.#previousLayer = frame.temporalLayer;
    return payloads;
  }

  #descriptor(frame: ClipFrame, isFirst: boolean): Uint8Array {
    const layered = this.#temporalLayers > 1;
    const isTop = layered && frame.temporalLayer === this.#temporalLayers - 1;
    const first = EXTENDED | (isTop ? NON_REFERENCE : 0) | (isFirst ? START : 0);
    const pictureId = [0x80 | (this.#pictureId >> 8), this.#pictureId & 0xff];
    if (!layered) return Uint8Array.of(first, PICTURE_ID, ...pictureId);
    // Set where a picture refers to the base layer only: layer 1, and what follows the base layer directly.
    const isSync = frame.temporalLayer === 1 || (frame.temporalLayer > 1 && this.#previousLayer === 0);
    const layer = (frame.temporalLayer << 6) | (isSync ? LAYER_SYNC : 0);
    return Uint8Array.of(first, PICTURE_ID | TL0PICIDX | TID, ...pictureId, this.#tl0PicIdx, layer);
  }
}
