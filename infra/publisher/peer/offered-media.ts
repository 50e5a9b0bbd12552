/** One m-line of our offer: who sends in which format under which SSRCs. */
import type { Encoder } from '../clip/clip.ts';

export interface OfferedLayer {
  ssrc: number;
  /** Names a simulcast layer; unset: the track has one layer only. */
  rid?: string;
}

export interface OfferedMedia {
  mid: string;
  kind: 'video' | 'audio';
  encoder: Encoder;
  /** Lowest first. */
  layers: readonly OfferedLayer[];
  /** Of retransmissions; tracks with one layer only. */
  rtxSsrc?: number;
  /** Audio only: redundant packets, by preference. */
  red: boolean;
  cname: string;
  streamId: string;
  /** LiveKit knows the announced track by it. */
  trackId: string;
}

/** Numbers of our header extensions (RFC 8285), the same on every m-line. */
export const extensionIds = { mid: 4, rid: 10, dependencyDescriptor: 12 } as const;

export const extensionUris: Record<keyof typeof extensionIds, string> = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  dependencyDescriptor: 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
};
