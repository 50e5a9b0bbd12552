/**
 * For tests of the timeline: a publisher whose true capture times are known, seen through RTP, RTCP and a network with
 * delay. Times are microseconds of the true clock, which is also the recorder's monotonic clock.
 */
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import type { SenderReport } from '../rtp/sender-report.ts';

export interface ScriptedTrackOptions {
  clockRate: number;
  /** RTP timestamp at true time 0. */
  rtpStart: number;
  /** Publisher's NTP at true time 0. */
  ntpStartMicros: number;
  /** How much faster than true the track's clock runs. */
  driftPpm?: number;
}

const OPUS_20_MS = new Uint8Array([0xf8, 0xff, 0xfe]);
const VP8_FRAME = new Uint8Array(100);

export class ScriptedTrack {
  /** Added to RTP time from now on, without time passing: what a restarted publisher does. */
  rtpJumpTicks = 0;

  constructor(private readonly options: ScriptedTrackOptions) {}

  frame(capturedAtMicros: number, delayMicros: number, more: Partial<EncodedFrame> = {}): EncodedFrame {
    const isVideo = this.options.clockRate === 90_000;
    return {
      codec: isVideo ? 'vp8' : 'opus',
      rtpTimestamp: this.rtpAt(capturedAtMicros),
      data: isVideo ? VP8_FRAME : OPUS_20_MS,
      isKeyframe: !isVideo,
      afterLoss: false,
      receivedAtMicros: Math.round(capturedAtMicros + delayMicros),
      ...more,
    };
  }

  report(atMicros: number, delayMicros: number, ntpErrorMicros = 0): SenderReport {
    return {
      ssrc: 1,
      ntpMicros: Math.round(this.options.ntpStartMicros + atMicros + ntpErrorMicros),
      rtpTimestamp: this.rtpAt(atMicros),
      receivedAtMicros: Math.round(atMicros + delayMicros),
    };
  }

  rtpAt(micros: number): number {
    const rate = this.options.clockRate * (1 + (this.options.driftPpm ?? 0) / 1_000_000);
    const ticks = this.options.rtpStart + this.rtpJumpTicks + Math.round((micros * rate) / 1_000_000);
    return ((ticks % 2 ** 32) + 2 ** 32) % 2 ** 32;
  }
}
