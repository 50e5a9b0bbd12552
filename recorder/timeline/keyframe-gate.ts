import type { EncodedFrame } from '../depacketize/encoded-frame.ts';

/** Why video is held back: nothing can refer to what came before, or what it refers to was lost. */
export type GateDrop = 'before-keyframe' | 'undecodable';

/** Lets video through from a keyframe on, since nothing before it can be decoded. Audio needs no gate. */
export class KeyframeGate {
  #closedBy: GateDrop | undefined = 'before-keyframe';

  /** Undefined when the frame may pass, else why not. */
  refuses(frame: Pick<EncodedFrame, 'isKeyframe'>): GateDrop | undefined {
    if (frame.isKeyframe) this.#closedBy = undefined;
    return this.#closedBy;
  }

  /** The next frame is not the successor of the last one: wait for a keyframe again. */
  close(reason: GateDrop = 'before-keyframe'): void {
    this.#closedBy ??= reason;
  }

  get isOpen(): boolean {
    return this.#closedBy === undefined;
  }
}
