/**
 * All streams of one peer connection: packets → the receiver of their SSRC; once a second a report about all of them, from
 * whose answer the round trip is measured.
 *
 * Dropped and counted in `unreadable`: packets of SSRCs that no offer named, and what is no RTP or RTCP.
 */
import type { Clock } from '../clock.ts';
import type { Codec } from '../contract/media.ts';
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import type { ReceiveCounters } from '../participant-source.ts';
import type { UnreadableInput } from '../unreadable-input.ts';
import { buildReport, MOST_REPORT_BLOCKS, type ReportBlock } from './build-rtcp.ts';
import { parseRtcp, type ReferenceTimeAnswer, type RtcpHandler, type RtcpSenderReport } from './parse-rtcp.ts';
import { isRtcp, ssrcOf } from './parse-rtp.ts';
import type { SenderReport } from './sender-report.ts';
import type { OfferedTrack } from './subscriber-offer.ts';
import type { Ticker } from './ticker.ts';
import { TrackReceiver } from './track-receiver.ts';

/** RFC 3550 section 6.2 would wait up to 5 s; the server learns the path's loss and round trip from it. */
const REPORT_INTERVAL_MICROS = 1_000_000;
/** The first one soon: NACKs are paced by the round trip it measures. */
const FIRST_REPORT_MICROS = 100_000;
const LONGEST_ROUND_TRIP_MICROS = 10_000_000;

export interface MediaReceiversEvents {
  started(trackSid: string, codec: Codec, clockRate: number, channels: number | undefined): void;
  frame(trackSid: string, frame: EncodedFrame): void;
  senderReport(trackSid: string, report: SenderReport): void;
  send(rtcp: Buffer): void;
}

export interface MediaReceiversOptions {
  clock: Clock;
  ticker: Pick<Ticker, 'add'>;
  fillerTrailer: Uint8Array;
  unreadable: UnreadableInput;
  events: MediaReceiversEvents;
  countersOf(trackSid: string): ReceiveCounters;
}

interface Stream {
  ssrc: number;
  trackSid: string;
  counters: ReceiveCounters;
  receiver: TrackReceiver;
}

export class MediaReceivers implements RtcpHandler {
  readonly #options: MediaReceiversOptions;
  /** By SSRC; those of retransmissions too. */
  readonly #bySsrc = new Map<number, Stream>();
  readonly #streams = new Set<Stream>();
  readonly #stopTicking: () => void;
  #resolveWhole: (() => void) | undefined;
  readonly #senderSsrc = (1 + Math.floor(Math.random() * 0xfffffffe)) >>> 0;
  #roundTripMicros: number | undefined;
  #nextReportMicros = Number.POSITIVE_INFINITY;

  constructor(options: MediaReceiversOptions) {
    this.#options = options;
    this.#stopTicking = options.ticker.add(() => this.#tick());
  }

  /** Streams that are no longer offered end; new ones begin. */
  handleOffer(tracks: readonly OfferedTrack[]): void {
    const offered = new Map(tracks.map((track) => [track.ssrc, track]));
    for (const stream of this.#streams) {
      if (offered.get(stream.ssrc)?.trackSid !== stream.trackSid) this.#remove(stream);
    }
    for (const track of tracks) if (!this.#bySsrc.has(track.ssrc)) this.#add(track);
  }

  handlePacket(bytes: Buffer): void {
    const nowMicros = this.#options.clock.monotonicMicros();
    const { unreadable } = this.#options;
    if (isRtcp(bytes)) {
      if (!parseRtcp(bytes, nowMicros, this)) unreadable.add('RTCP');
      return;
    }
    const stream = bytes.length < 12 ? undefined : this.#bySsrc.get(ssrcOf(bytes));
    if (!stream) unreadable.add(bytes.length < 12 ? 'RTP' : 'RTP of an unknown stream');
    else stream.receiver.handleRtp(bytes, nowMicros, this.#roundTripMicros);
  }

  senderReport(report: RtcpSenderReport): void {
    const stream = this.#bySsrc.get(report.ssrc);
    if (!stream?.receiver.handleSenderReport(report)) return;
    const { ssrc, ntpMicros, rtpTimestamp, receivedAtMicros } = report;
    this.#options.events.senderReport(stream.trackSid, { ssrc, ntpMicros, rtpTimestamp, receivedAtMicros });
  }

  referenceTimeAnswer({ ssrc, lastReference, delay }: ReferenceTimeAnswer): void {
    if (ssrc !== this.#senderSsrc || lastReference === 0) return;
    const now = this.#referenceTime();
    const compactNow = ((now.seconds & 0xffff) << 16) | (now.fraction >>> 16);
    const measuredMicros = (((compactNow - lastReference - delay) >>> 0) / 65_536) * 1_000_000;
    if (measuredMicros > LONGEST_ROUND_TRIP_MICROS) return;
    this.#roundTripMicros =
      this.#roundTripMicros === undefined
        ? measuredMicros
        : this.#roundTripMicros + (measuredMicros - this.#roundTripMicros) / 4;
    for (const { counters } of this.#streams) counters.roundTripMs = this.#roundTripMicros / 1000;
  }

  requestKeyframe(trackSid: string): void {
    const nowMicros = this.#options.clock.monotonicMicros();
    for (const stream of this.#streams) if (stream.trackSid === trackSid) stream.receiver.requestKeyframe(nowMicros);
  }

  endTrack(trackSid: string): void {
    for (const stream of this.#streams) if (stream.trackSid === trackSid) this.#remove(stream);
  }

  /**
   * Takes nothing new. Resolves when what is missing of what there is came or was given up: at once, where nothing is.
   */
  async complete(): Promise<void> {
    for (const { receiver } of this.#streams) receiver.end();
    if (this.#isWhole) return;
    await new Promise<void>((resolve) => {
      this.#resolveWhole = resolve;
    });
  }

  close(): void {
    this.#resolveWhole?.();
    this.#stopTicking();
    for (const stream of this.#streams) this.#remove(stream);
  }

  #add(track: OfferedTrack): void {
    const { countersOf, events, fillerTrailer } = this.#options;
    const { trackSid } = track;
    const counters = countersOf(trackSid);
    const receiver = new TrackReceiver({
      kind: track.kind,
      ssrc: track.ssrc,
      senderSsrc: this.#senderSsrc,
      formats: track.formats,
      dependencyDescriptorId: track.dependencyDescriptorId,
      counters,
      fillerTrailer,
      events: {
        started: (codec, clockRate, channels) => events.started(trackSid, codec, clockRate, channels),
        frame: (frame) => events.frame(trackSid, frame),
        send: events.send,
      },
    });
    const stream: Stream = { ssrc: track.ssrc, trackSid, counters, receiver };
    this.#streams.add(stream);
    this.#bySsrc.set(track.ssrc, stream);
    if (track.rtxSsrc) this.#bySsrc.set(track.rtxSsrc, stream);
    this.#nextReportMicros = Math.min(
      this.#nextReportMicros,
      this.#options.clock.monotonicMicros() + FIRST_REPORT_MICROS,
    );
  }

  #remove(stream: Stream): void {
    this.#streams.delete(stream);
    for (const [ssrc, each] of this.#bySsrc) if (each === stream) this.#bySsrc.delete(ssrc);
    stream.receiver.close();
  }

  #tick(): void {
    const nowMicros = this.#options.clock.monotonicMicros();
    for (const { receiver } of this.#streams) receiver.tick(nowMicros, this.#roundTripMicros);
    if (nowMicros >= this.#nextReportMicros) this.#report(nowMicros);
    if (this.#resolveWhole && this.#isWhole) this.#resolveWhole();
  }

  get #isWhole(): boolean {
    for (const { receiver } of this.#streams) if (!receiver.isWhole) return false;
    return true;
  }

  #report(nowMicros: number): void {
    const blocks: ReportBlock[] = [];
    for (const { receiver } of this.#streams) {
      const block = receiver.report(nowMicros);
      if (block && blocks.length < MOST_REPORT_BLOCKS) blocks.push(block);
    }
    if (blocks.length === 0) {
      this.#nextReportMicros = nowMicros + FIRST_REPORT_MICROS;
      return;
    }
    this.#nextReportMicros = nowMicros + REPORT_INTERVAL_MICROS;
    this.#options.events.send(buildReport(this.#senderSsrc, 'recorder', blocks, this.#referenceTime()));
  }

  /** Our monotonic clock in the form of NTP: only we read it again. */
  #referenceTime(): { seconds: number; fraction: number } {
    const micros = this.#options.clock.monotonicMicros();
    // Not 0, which means “none”.
    return {
      seconds: (1 + Math.floor(micros / 1_000_000)) >>> 0,
      fraction: Math.floor(((micros % 1_000_000) / 1_000_000) * 2 ** 32),
    };
  }
}
