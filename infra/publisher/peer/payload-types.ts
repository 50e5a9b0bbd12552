/** What each encoder's media is called in SDP, and the payload types we give them: no two share one on a connection. */
import type { Encoder } from '../clip/clip.ts';

export interface SdpFormat {
  payloadType: number;
  name: string;
  /** Format parameters of `a=fmtp`. */
  parameters?: string;
  /** Payload type of retransmissions. */
  rtxPayloadType?: number;
}

export const RED_PAYLOAD_TYPE = 63;

export const sdpFormats: Record<Encoder, SdpFormat> = {
  vp8: { payloadType: 96, name: 'VP8', rtxPayloadType: 97 },
  vp9: { payloadType: 98, name: 'VP9', parameters: 'profile-id=0', rtxPayloadType: 99 },
  // LiveKit negotiates profiles 0 and 1 only, and passes on what comes: the offer says 0.
  'vp9-profile2': { payloadType: 100, name: 'VP9', parameters: 'profile-id=0', rtxPayloadType: 101 },
  av1: { payloadType: 45, name: 'AV1', parameters: 'level-idx=5;profile=0;tier=0', rtxPayloadType: 46 },
  'h264-mode0': { payloadType: 125, name: 'H264', parameters: h264(0, '42e01f'), rtxPayloadType: 107 },
  'h264-baseline': { payloadType: 108, name: 'H264', parameters: h264(1, '42e01f'), rtxPayloadType: 109 },
  // LiveKit knows baseline and high. What can decode high decodes main.
  'h264-main': { payloadType: 112, name: 'H264', parameters: h264(1, '640032'), rtxPayloadType: 113 },
  'h264-high': { payloadType: 123, name: 'H264', parameters: h264(1, '640032'), rtxPayloadType: 124 },
  h265: {
    payloadType: 116,
    name: 'H265',
    parameters: 'level-id=93;profile-id=1;tier-flag=0;tx-mode=SRST',
    rtxPayloadType: 117,
  },
  opus: { payloadType: 111, name: 'opus', parameters: 'minptime=10;useinbandfec=1' },
  pcmu: { payloadType: 0, name: 'PCMU' },
  pcma: { payloadType: 8, name: 'PCMA' },
};

/**
 * The one that is sent first, then all others, as browsers offer them: the server keeps to the codecs of a connection's
 * first offer.
 */
export function offeredVideoFormats(encoder: Encoder): SdpFormat[] {
  const others: Encoder[] = ['vp8', 'vp9', 'h264-baseline', 'h264-mode0', 'h264-high', 'h265', 'av1'];
  return [encoder, ...others.filter((other) => other !== encoder)].map((each) => sdpFormats[each]);
}

export function offeredAudioFormats(encoder: Encoder): SdpFormat[] {
  const others: Encoder[] = ['opus', 'pcmu', 'pcma'];
  return [encoder, ...others.filter((other) => other !== encoder)].map((each) => sdpFormats[each]);
}

function h264(mode: 0 | 1, profileLevelId: string): string {
  return `level-asymmetry-allowed=1;packetization-mode=${mode};profile-level-id=${profileLevelId}`;
}
