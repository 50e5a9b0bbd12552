import type { EncodedFrame } from '../depacketize/encoded-frame.ts';

/** The server fills a video track that closes with keyframes of 8×8 (VP8) or 2×2 (H.264); no camera is that small. */
const BLANK_MAXIMUM_PIXELS = 16;

export type GateDrop = 'before-keyframe' | 'blank';

/**
 * Lets video through from a keyframe on, since nothing before it can be decoded, and keeps out the server's filler.
 * Audio needs no gate.
 */
export class KeyframeGate {
  #open = false;
  #reason: GateDrop = 'before-keyframe';

  /** Answers why the frame is dropped, or `undefined`. */
  check(frame: EncodedFrame): GateDrop | undefined {
    if (frame.isKeyframe) {
      const isBlank = isTiny(frame.width) && isTiny(frame.height);
      this.#open = !isBlank;
      this.#reason = isBlank ? 'blank' : 'before-keyframe';
    }
    return this.#open ? undefined : this.#reason;
  }

  /** The next frame is not the successor of the last one: wait for a keyframe again. */
  close(): void {
    this.#open = false;
    this.#reason = 'before-keyframe';
  }

  get isOpen(): boolean {
    return this.#open;
  }
}

function isTiny(pixels: number | undefined): boolean {
  return pixels !== undefined && pixels <= BLANK_MAXIMUM_PIXELS;
}
