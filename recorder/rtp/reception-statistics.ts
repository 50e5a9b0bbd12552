/**
 * What receiver reports say of one stream: counts, loss and jitter (RFC 3550 section 6.4.1, appendices A.3 and A.8).
 * Takes every packet of the media stream as it arrives, before repair.
 */
import type { ReportBlock } from './build-rtcp.ts';
import type { RtcpSenderReport } from './parse-rtcp.ts';
import type { RtpPacket } from './rtp-packet.ts';
import { SequenceExtender, timestampDistance } from './sequence-number.ts';

export class ReceptionStatistics {
  readonly #ssrc: number;
  readonly #extender = new SequenceExtender();
  #clockRate = 90_000;
  #base: number | undefined;
  #highest = 0;
  #received = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #jitterTicks = 0;
  #lastTimestamp = 0;
  #lastArrivalMicros: number | undefined;
  #lastSenderReport = 0;
  #lastSenderReportMicros = 0;

  constructor(ssrc: number) {
    this.#ssrc = ssrc;
  }

  get jitterMs(): number {
    return (this.#jitterTicks / this.#clockRate) * 1000;
  }

  get hasPackets(): boolean {
    return this.#base !== undefined;
  }

  packet(packet: RtpPacket, clockRate: number): void {
    this.#clockRate = clockRate;
    const sequence = this.#extender.extend(packet.sequenceNumber);
    this.#base ??= sequence;
    this.#received += 1;
    if (sequence <= this.#highest) return;
    this.#highest = sequence;
    // Packets of one frame share a timestamp and are sent as a burst: only the first tells when the frame was sent.
    if (this.#lastArrivalMicros !== undefined && packet.timestamp === this.#lastTimestamp) return;
    if (this.#lastArrivalMicros !== undefined) {
      const arrivedTicks = ((packet.receivedAtMicros - this.#lastArrivalMicros) * clockRate) / 1_000_000;
      const difference = Math.abs(arrivedTicks - timestampDistance(packet.timestamp, this.#lastTimestamp));
      // A jump of the publisher's clock, a mute or DTX is not jitter of the path.
      if (difference < clockRate) this.#jitterTicks += (difference - this.#jitterTicks) / 16;
    }
    this.#lastArrivalMicros = packet.receivedAtMicros;
    this.#lastTimestamp = packet.timestamp;
  }

  senderReport(report: RtcpSenderReport): void {
    this.#lastSenderReport = report.compactNtp;
    this.#lastSenderReportMicros = report.receivedAtMicros;
  }

  report(nowMicros: number): ReportBlock {
    const expected = this.#base === undefined ? 0 : this.#highest - this.#base + 1;
    const expectedNow = expected - this.#expectedBefore;
    const lostNow = expectedNow - (this.#received - this.#receivedBefore);
    this.#expectedBefore = expected;
    this.#receivedBefore = this.#received;
    return {
      ssrc: this.#ssrc,
      fractionLost: expectedNow > 0 && lostNow > 0 ? Math.min(255, Math.floor((lostNow * 256) / expectedNow)) : 0,
      cumulativeLost: Math.max(-0x800000, Math.min(0x7fffff, expected - this.#received)),
      // The extender starts one circle up.
      extendedHighestSequence: Math.max(0, this.#highest - 0x10000) % 2 ** 32,
      jitterTicks: Math.min(0xffffffff, Math.round(this.#jitterTicks)),
      lastSenderReport: this.#lastSenderReport,
      delaySinceLastSenderReport:
        this.#lastSenderReport === 0
          ? 0
          : Math.min(0xffffffff, Math.round(((nowMicros - this.#lastSenderReportMicros) * 65_536) / 1_000_000)),
    };
  }
}
