/**
 * H.264 (RFC 6184), packetization mode 1: single NAL units (section 5.6), several small ones as STAP-A (5.7.1), large ones
 * as FU-A (5.8). Mode 0 knows single NAL units only, so the encoder has to make slices that fit.
 */
import type { ClipFrame } from '../clip/clip.ts';
import { packetizeNalUnits } from './nal-fragments.ts';
import type { Packetizer, RtpPayload } from './packetizer.ts';

const STAP_A = 24;
const FU_A = 28;
const REFERENCE_BITS = 0x60;
const TYPE_BITS = 0x1f;
const START = 0x80;
const END = 0x40;

export class H264Packetizer implements Packetizer {
  readonly #mode: 0 | 1;

  constructor(mode: 0 | 1 = 1) {
    this.#mode = mode;
  }

  packetize(frame: ClipFrame): RtpPayload[] {
    if (this.#mode === 0) return frame.units.map((unit) => ({ parts: [unit] }));
    return packetizeNalUnits(frame.units, {
      headerBytes: 1,
      // NRI is the highest of what is inside.
      aggregationHeader: (units) =>
        Uint8Array.of(STAP_A | units.reduce((most, unit) => Math.max(most, (unit[0] ?? 0) & REFERENCE_BITS), 0)),
      fragmentHeader: (unit, isStart, isEnd) => {
        const header = unit[0] ?? 0;
        return Uint8Array.of(
          (header & REFERENCE_BITS) | FU_A,
          (isStart ? START : 0) | (isEnd ? END : 0) | (header & TYPE_BITS),
        );
      },
    });
  }
}
