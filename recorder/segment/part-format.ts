import type { Codec, Container } from '../contract/media.ts';

/** What the header of a segment says about its picture. */
export interface VideoFormat {
  codec: Codec;
  /** Pixels of the first frame; frames may change size without telling the container. */
  width: number;
  height: number;
  /** `avcC`, `hvcC`, `av1C` or `vpcC` record. */
  configuration?: Uint8Array;
}

export interface AudioFormat {
  codec: Codec;
  channels: number;
}

/** What the segments of one part have in common. */
export interface PartFormat {
  container: Container;
  video?: VideoFormat;
  audio?: AudioFormat;
}

/** Track numbers are the same in both containers. */
export const VIDEO_TRACK = 1;
export const AUDIO_TRACK = 2;

export function isVideoCodec(codec: Codec): boolean {
  return codec !== 'opus' && codec !== 'pcmu' && codec !== 'pcma';
}

/** WebM holds neither H.264 and H.265 nor G.711; MP4 holds them all. */
export function containerFor(video: Codec | undefined, audio: Codec | undefined): Container {
  const isForMp4 = video === 'h264' || video === 'h265' || audio === 'pcmu' || audio === 'pcma';
  return isForMp4 ? 'mp4' : 'webm';
}
