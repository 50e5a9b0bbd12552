import type { EncodedFrame } from '../depacketize/encoded-frame.ts';

/** Lets video through from a keyframe on, since nothing before it can be decoded. Audio needs no gate. */
export class KeyframeGate {
  #open = false;

  /** True when the frame may pass. */
  admit(frame: Pick<EncodedFrame, 'isKeyframe'>): boolean {
    this.#open ||= frame.isKeyframe;
    return this.#open;
  }

  /** The next frame is not the successor of the last one: wait for a keyframe again. */
  close(): void {
    this.#open = false;
  }

  get isOpen(): boolean {
    return this.#open;
  }
}
