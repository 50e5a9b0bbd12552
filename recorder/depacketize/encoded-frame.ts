import type { Codec } from '../contract/media.ts';

/** One whole frame as the publisher's encoder made it (video), or one codec packet (audio). */
export interface EncodedFrame {
  codec: Codec;
  /** 32 bits, as on the wire, in ticks of `clockRate`. */
  rtpTimestamp: number;
  /**
   * VP8, VP9, Opus, PCM: the bare frame. H.264, H.265: NAL units, each behind a 4-byte length, in-band parameter sets
   * kept. AV1: a temporal unit in low-overhead format, without temporal delimiter.
   */
  data: Uint8Array;
  isKeyframe: boolean;
  /** Pixels, where the frame says so (keyframes). */
  width?: number;
  height?: number;
  /** True when packets between the previous frame and this one never came. */
  afterLoss: boolean;
  /** Monotonic clock, of the frame's last packet. */
  receivedAtMicros: number;
}
