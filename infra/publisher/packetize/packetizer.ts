import type { ClipFrame } from '../clip/clip.ts';

/** The payload of one RTP packet, in pieces: they are copied once, into the packet. */
export interface RtpPayload {
  parts: readonly Uint8Array[];
  /** Goes into a header extension of the packet (AV1 RTP specification, appendix A). */
  dependencyDescriptor?: Uint8Array;
}

/** Frames → payloads, in order; the last one of a picture carries the marker bit. One per stream and codec. */
export interface Packetizer {
  packetize(frame: ClipFrame): RtpPayload[];
  /** Pictures have another size from the next keyframe on; their numbers go on. Only where payloads tell the size. */
  resize?(width: number, height: number): void;
}

/** Whole packets; what WebRTC implementations keep to. */
export const MOST_PACKET_BYTES = 1200;
/** Fixed header, and extensions for MID, RID and a dependency descriptor with its structure. */
const HEADER_ROOM_BYTES = 12 + 4 + 44;
export const MOST_PAYLOAD_BYTES = MOST_PACKET_BYTES - HEADER_ROOM_BYTES;
