import type { ClipFrame } from '../clip/clip.ts';
import type { Packetizer } from './packetizer.ts';

/** Bytes that differ from place to place, so that a piece in the wrong place is found. */
export function patternBytes(length: number, first = 0): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7 + 1) & 0xff);
  if (length > 0) bytes[0] = first;
  return bytes;
}

export function frameOf(units: Uint8Array[], isKeyframe = false, temporalLayer = 0): ClipFrame {
  return { units, isKeyframe, temporalLayer };
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** The payloads of a frame, each in one piece. */
export function payloadsOf(packetizer: Packetizer, frame: ClipFrame): Uint8Array[] {
  return packetizer.packetize(frame).map(({ parts }) => joined(parts));
}

/** The first bytes of a payload. */
export function headOf(payload: Uint8Array | undefined, bytes: number): number[] {
  return [...(payload ?? new Uint8Array()).subarray(0, bytes)];
}
