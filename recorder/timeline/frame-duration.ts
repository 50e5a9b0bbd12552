import type { EncodedFrame } from '../depacketize/encoded-frame.ts';

/** RFC 6716 section 3.1, table 2: frame size in microseconds by the configuration number in the TOC byte. */
const opusFrameMicros: readonly number[] = [
  ...[10_000, 20_000, 40_000, 60_000],
  ...[10_000, 20_000, 40_000, 60_000],
  ...[10_000, 20_000, 40_000, 60_000],
  ...[10_000, 20_000],
  ...[10_000, 20_000],
  ...[2_500, 5_000, 10_000, 20_000],
  ...[2_500, 5_000, 10_000, 20_000],
  ...[2_500, 5_000, 10_000, 20_000],
  ...[2_500, 5_000, 10_000, 20_000],
];

const USUAL_OPUS_MICROS = 20_000;

/** How much sound an audio frame holds, in microseconds; `undefined` for video, whose frames do not say. */
export function frameDuration(frame: Pick<EncodedFrame, 'codec' | 'data'>): number | undefined {
  switch (frame.codec) {
    case 'opus':
      return opusDuration(frame.data);
    case 'pcmu':
    case 'pcma':
      return frame.data.length * 125; // 8000 samples per second, one byte each
    default:
      return undefined;
  }
}

function opusDuration(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return USUAL_OPUS_MICROS;
  const oneFrameMicros = opusFrameMicros[toc >> 3] ?? USUAL_OPUS_MICROS;
  switch (toc & 3) {
    case 0:
      return oneFrameMicros;
    case 3:
      return oneFrameMicros * ((packet[1] ?? 1) & 0x3f);
    default:
      return oneFrameMicros * 2;
  }
}
