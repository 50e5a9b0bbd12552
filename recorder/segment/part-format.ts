import type { Codec, Container } from '../contract/media.ts';

/** What the header of a segment says about its picture. */
export interface VideoFormat {
  codec: Codec;
  /** Pixels of the first frame; frames may change size without telling the container. */
  width: number;
  height: number;
  /** `avcC`, `hvcC` or `av1C` record; VP8 and VP9 need none. */
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

export function containerFor(video: Codec | undefined): Container {
  return video === 'h264' || video === 'h265' ? 'mp4' : 'webm';
}
