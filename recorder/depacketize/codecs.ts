/** The codecs that can be received: how a payload becomes frames, and where a stream can begin. */
import type { Codec } from '../contract/media.ts';
import { Av1FrameBuilder, startsAv1Keyframe } from './av1.ts';
import type { Depacketizer, DepacketizerOutput } from './depacketizer.ts';
import { h264Format, startsH264Keyframe } from './h264.ts';
import { h265Format, startsH265Keyframe } from './h265.ts';
import { NalFrameBuilder } from './nal-frame-builder.ts';
import { OpusDepacketizer } from './opus.ts';
import { PcmDepacketizer } from './pcm.ts';
import { VideoFrameCollector } from './video-frame-collector.ts';
import { startsVp8Keyframe, Vp8FrameBuilder } from './vp8.ts';
import { startsVp9Keyframe, Vp9FrameBuilder } from './vp9.ts';

export interface ReceivableCodec {
  createDepacketizer(output: DepacketizerOutput): Depacketizer;
  /** Whether a payload is the first of a keyframe; unset: every packet stands alone. */
  startsKeyframe?(payload: Uint8Array, dependencyDescriptor?: Uint8Array): boolean;
}

export const receivableCodecs: Readonly<Record<Codec, ReceivableCodec>> = {
  opus: { createDepacketizer: (output) => new OpusDepacketizer(output) },
  vp8: {
    createDepacketizer: (output) => new VideoFrameCollector('vp8', new Vp8FrameBuilder(), output),
    startsKeyframe: startsVp8Keyframe,
  },
  h264: {
    createDepacketizer: (output) => new VideoFrameCollector('h264', new NalFrameBuilder(h264Format), output),
    startsKeyframe: startsH264Keyframe,
  },
  h265: {
    createDepacketizer: (output) => new VideoFrameCollector('h265', new NalFrameBuilder(h265Format), output),
    startsKeyframe: startsH265Keyframe,
  },
  vp9: {
    createDepacketizer: (output) => new VideoFrameCollector('vp9', new Vp9FrameBuilder(), output),
    startsKeyframe: startsVp9Keyframe,
  },
  av1: {
    createDepacketizer: (output) => new VideoFrameCollector('av1', new Av1FrameBuilder(), output),
    startsKeyframe: startsAv1Keyframe,
  },
  pcmu: { createDepacketizer: (output) => new PcmDepacketizer('pcmu', output) },
  pcma: { createDepacketizer: (output) => new PcmDepacketizer('pcma', output) },
};
