import type { RtpPacket } from '../rtp/rtp-packet.ts';
import type { EncodedFrame } from './encoded-frame.ts';

/**
 * Why something that arrived is not delivered as a frame.
 *
 * - `padding`: a packet without payload, sent to probe the path
 * - `server-filler`: a blank picture or silence that the server makes when a track is muted or closed
 * - `incomplete`: a frame of which a packet never came
 * - `cut-off`: a frame the server did not finish, because it went over to another layer
 * - `malformed`: not what the codec's payload format says
 */
export type DropReason = 'padding' | 'server-filler' | 'incomplete' | 'cut-off' | 'malformed';

export interface DepacketizerOutput {
  frame(frame: EncodedFrame): void;
  dropped(reason: DropReason): void;
}

/** Packets of one stream and codec, in order → frames. One per codec, in a file named as the codec. */
export interface Depacketizer {
  /** `afterGap`: packets between the previous one and this one never came. */
  push(packet: RtpPacket, afterGap: boolean): void;
  /** The frame being collected will not be completed, and that is no loss: the server cut it off. */
  abandonFrame(): void;
}
