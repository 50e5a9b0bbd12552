import type { EncodedFrame } from '../depacketize/encoded-frame.ts';

/** A frame on the recording's clock, which starts at 0 and is shared by all tracks of the recording. */
export interface TimedFrame extends EncodedFrame {
  /** The track it belongs to: LiveKit's track sid. */
  trackSid: string;
  /** Integer, ≥ 0; strictly grows within a track. */
  presentationMicros: number;
}
