/** Opus (RFC 7587) and PCM (RFC 3551): a packet of the codec is a payload as it is. */
import type { ClipFrame } from '../clip/clip.ts';
import type { Packetizer, RtpPayload } from './packetizer.ts';

export class AudioPacketizer implements Packetizer {
  packetize(frame: ClipFrame): RtpPayload[] {
    return [{ parts: frame.units }];
  }
}
