/** The codecs that can be received: how a payload becomes frames, and where a stream can begin. */
import type { Codec } from '../contract/media.ts';
import type { Depacketizer, DepacketizerOutput } from './depacketizer.ts';
import { H264FrameBuilder, startsH264Keyframe } from './h264.ts';
import { OpusDepacketizer } from './opus.ts';
import { VideoFrameCollector } from './video-frame-collector.ts';
import { startsVp8Keyframe, Vp8FrameBuilder } from './vp8.ts';

export interface ReceivableCodec {
  createDepacketizer(output: DepacketizerOutput): Depacketizer;
  /** Whether a payload is the first of a keyframe; unset: every packet stands alone. */
  startsKeyframe?(payload: Uint8Array): boolean;
}

/** Those missing here are refused in the answer, so the server does not send them. */
export const receivableCodecs: Partial<Record<Codec, ReceivableCodec>> = {
  opus: { createDepacketizer: (output) => new OpusDepacketizer(output) },
  vp8: {
    createDepacketizer: (output) => new VideoFrameCollector('vp8', new Vp8FrameBuilder(), output),
    startsKeyframe: startsVp8Keyframe,
  },
  h264: {
    createDepacketizer: (output) => new VideoFrameCollector('h264', new H264FrameBuilder(), output),
    startsKeyframe: startsH264Keyframe,
  },
};
