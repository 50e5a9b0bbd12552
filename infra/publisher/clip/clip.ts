import type { Codec } from '../../../recorder/contract/media.ts';
import type { AudioClipPlan, VideoEncoder } from './clip-plan.ts';

export type Encoder = VideoEncoder | AudioClipPlan['codec'];

/** One encoded picture, or one packet of sound. */
export interface ClipFrame {
  /**
   * What the codec's payload format carries as units of their own: the bare frame (VP8, VP9, Opus, PCM), NAL units without
   * start codes and access unit delimiters (H.264, H.265), OBUs without size fields and temporal delimiters (AV1).
   */
  units: readonly Uint8Array[];
  isKeyframe: boolean;
  /** Of the temporal layers; 0 is the base. */
  temporalLayer: number;
}

/** Media encoded beforehand. Its first frame is a keyframe, so it can be played again from the start for ever. */
export interface Clip {
  codec: Codec;
  encoder: Encoder;
  kind: 'video' | 'audio';
  /** Ticks per second of RTP timestamps. */
  clockRate: number;
  /** From one frame to the next. */
  frameTicks: number;
  frames: readonly ClipFrame[];
  /** Bits per second, on average. */
  bitrateBps: number;
  /** Video only. */
  width: number;
  height: number;
  /** Audio only. */
  channels: number;
  /** How many temporal layers the pictures are in; 1: none to speak of. */
  temporalLayers: number;
}

export function clipSeconds(clip: Clip): number {
  return (clip.frames.length * clip.frameTicks) / clip.clockRate;
}

/** The frame at or after `index` that a decoder can start with; the clip is a circle. */
export function nextKeyframeIndex(clip: Clip, index: number): number {
  for (let step = 0; step < clip.frames.length; step++) {
    const at = (index + step) % clip.frames.length;
    if (clip.frames[at]?.isKeyframe) return at;
  }
  return 0;
}
