/**
 * Where a track's frames lie on the recording's clock.
 *
 * In:  frames of one track in RTP order (32-bit RTP timestamps, arrival times) and its sender reports, in any order.
 * Out: recording time of each frame in microseconds (a float; the timeline rounds it and keeps it growing).
 * Dropped and counted: sender reports that contradict what is known (`reportsRejected`).
 * RFC 3550 sections 5.1 (RTP timestamp), 6.4.1 (sender report), 6.4.4 (using both).
 *
 * Every formula is about one number, the track's offset:
 *
 *     media(ticks)  = ticks · 10⁶ / clockRate                   ticks unwrapped, jumps cut out
 *     time(ticks)   = media(ticks) + offset                     what `place` returns
 *
 * Two witnesses say what the offset should be (the target):
 *
 *     by arrival:   target = min over 10 s of (received − arrivalZero − media) − lag
 *     by report:    target = second smallest of the last ten (ntp − ntpZero − media(report's ticks))
 *
 * Arrival serves until the third sender report. Its minimum is taken because the network only ever delays. The first
 * report of the first track defines ntpZero so that this track's target does not move; every other track of the
 * participant then lands on the same clock, which is what makes audio and video one. Of the last ten reports (half a
 * minute) the second earliest counts: a busy publisher notes a capture up to 30 ms late but never early, and one that is
 * early all the same is alone. A sound card that runs 100 ppm wrong is followed to within 3 ms. One or two reports, which
 * may both be late, are believed only when they say that arrivals are wrong by more than anyone is that late.
 *
 * The offset never jumps to its target. It moves by a share of the media time that passes, so time goes on growing:
 *
 *     |Δoffset| ≤ Δmedia · clamp(|target − offset| / 2 s, 10 %, 50 %)
 *
 * Only when media turns out to be more than a second later than thought is there a jump forward (`jumped`).
 *
 * A report that is off by more than 100 ms is an outlier, unless
 *   - arrivals say the same: then this track's RTP time moved (a publisher's or the server's restart), and the target
 *     follows at once;
 *   - three in a row agree with each other but not with arrivals: then it is the publisher's clock that was set, media
 *     stays where it is, and ntpZero moves instead.
 *
 * RTP time that runs ahead of wall time by more than 1.5 s within one frame cannot be true (a frame does not arrive
 * before it was made), nor can RTP time that goes back: both are discontinuities. The jump is cut out of the ticks and
 * the time that passed on the wall is put in its place.
 */
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import type { SenderReport } from '../rtp/sender-report.ts';
import type { PublisherClock } from './publisher-clock.ts';
import { RtpUnwrapper } from './rtp-unwrapper.ts';
import { SlidingMinimum } from './sliding-minimum.ts';

/** Long enough that at least one frame in it came without queueing, short enough to follow a drifting clock. */
const ARRIVAL_WINDOW_MICROS = 10_000_000;
/** For seeing that arrivals moved: a few dozen frames. */
const RECENT_WINDOW_MICROS = 2_000_000;
/** A frame this much ahead of its arrival is a jump in RTP time. Above the 1 s gaps that publishers do make. */
const AHEAD_LIMIT_MICROS = 1_500_000;
/** RTP time going back by less is a frame out of order, which is placed after its predecessor and nothing is re-based. */
const BACK_LIMIT_MICROS = 500_000;
/** Reports of one publisher differ by a few ms; those further off are wrong or mean that a clock was set. */
const REPORT_LIMIT_MICROS = 100_000;
/** The first report corrects a guess made from arrivals, which a burst at the start may have made this wrong. */
const FIRST_REPORT_LIMIT_MICROS = 2_000_000;
const REPORTS_THAT_CONVINCE = 3;
/** More than a report is noted late. Below it sound and picture are together for the eye. */
const ARRIVAL_ERROR_MICROS = 60_000;
/** Enough of them that one was noted in time, few enough to follow a drifting clock. */
const REPORTS_REMEMBERED = 10;
/** From so many on, the earliest may be a mistake. */
const REPORTS_TO_DOUBT_THE_EARLIEST = 5;
const LAG_GAIN = 1 / 8;
/** Media later than placed by more than this is moved in one jump, since creeping there would take too long. */
const JUMP_MICROS = 1_000_000;
const SLEW_MINIMUM = 0.1;
const SLEW_MAXIMUM = 0.5;
const SLEW_TIME_MICROS = 2_000_000;

export class TrackClock {
  readonly #unwrapper = new RtpUnwrapper();
  readonly #arrivals = new SlidingMinimum(ARRIVAL_WINDOW_MICROS);
  readonly #recentArrivals = new SlidingMinimum(RECENT_WINDOW_MICROS);
  #started = false;
  #lastReceivedMicros = 0;
  #lastMediaMicros = 0;
  #offsetMicros = 0;
  #targetMicros = 0;
  #ntpZeroMicros: number | undefined;
  /** What the newest believed reports say the offset is, oldest first. */
  #reportedOffsets: number[] = [];
  #followsReports = false;
  #newestReport: SenderReport | undefined;
  /** Errors of the newest reports that were rejected, oldest first. */
  #suspects: number[] = [];

  /** Sender reports that were not believed. */
  reportsRejected = 0;
  /** The frame placed last is not where its RTP timestamp alone would have put it. */
  jumped = false;

  constructor(
    private readonly clockRate: number,
    private readonly publisher: PublisherClock,
  ) {}

  /** True once a sender report places this track, not only arrivals. */
  get synchronised(): boolean {
    return this.#followsReports;
  }

  place(frame: Pick<EncodedFrame, 'rtpTimestamp' | 'receivedAtMicros'>): number {
    this.jumped = false;
    if (!this.#started) return this.#placeFirst(frame);

    const mediaMicros = this.#advance(frame);
    const passedMicros = Math.max(0, mediaMicros - this.#lastMediaMicros);
    this.#lastMediaMicros = Math.max(mediaMicros, this.#lastMediaMicros);
    this.#lastReceivedMicros = frame.receivedAtMicros;
    this.#witnessArrival(frame.receivedAtMicros, mediaMicros);
    if (!this.synchronised) this.#targetMicros = this.#arrivals.value - this.publisher.lagMicros;
    this.#slew(passedMicros);
    return mediaMicros + this.#offsetMicros;
  }

  handleReport(report: SenderReport): void {
    const newest = this.#newestReport;
    // The server repeats the publisher's newest report until there is another one.
    if (newest && newest.ntpMicros === report.ntpMicros && newest.rtpTimestamp === report.rtpTimestamp) return;
    this.#newestReport = report;
    if (!this.#started) return;

    if (this.#ntpZeroMicros === undefined) {
      this.#ntpZeroMicros = this.publisher.ntpZeroMicros ??= report.ntpMicros - this.#targetTimeOf(report.rtpTimestamp);
    }
    const errorMicros = report.ntpMicros - this.#ntpZeroMicros - this.#targetTimeOf(report.rtpTimestamp);
    const isFirst = this.#reportedOffsets.length === 0;
    const limitMicros = isFirst ? FIRST_REPORT_LIMIT_MICROS : REPORT_LIMIT_MICROS;
    if (Math.abs(errorMicros) <= limitMicros) {
      this.#suspects = [];
      this.#accept(errorMicros);
    } else {
      this.#suspect(errorMicros);
    }
  }

  #placeFirst(frame: Pick<EncodedFrame, 'rtpTimestamp' | 'receivedAtMicros'>): number {
    this.#started = true;
    this.publisher.arrivalZeroMicros ??= frame.receivedAtMicros;
    const mediaMicros = this.#toMicros(this.#unwrapper.advance(frame.rtpTimestamp));
    this.#lastMediaMicros = mediaMicros;
    this.#lastReceivedMicros = frame.receivedAtMicros;
    this.#witnessArrival(frame.receivedAtMicros, mediaMicros);
    this.#targetMicros = this.#arrivals.value - this.publisher.lagMicros;
    const report = this.#newestReport;
    this.#newestReport = undefined;
    // A report that came before the first frame places it at once, if the publisher's clock is known already.
    this.#offsetMicros = this.#targetMicros;
    if (report) {
      this.handleReport(report);
      this.#offsetMicros = this.#targetMicros;
    }
    return mediaMicros + this.#offsetMicros;
  }

  /** Moves on to the frame's RTP timestamp and answers its media time, with jumps cut out. */
  #advance(frame: Pick<EncodedFrame, 'rtpTimestamp' | 'receivedAtMicros'>): number {
    const wallMicros = Math.max(0, frame.receivedAtMicros - this.#lastReceivedMicros);
    const wallTicks = this.#toTicks(wallMicros);
    const mediaMicros = this.#toMicros(this.#unwrapper.peek(frame.rtpTimestamp, wallTicks));
    const arrivalMicros = frame.receivedAtMicros - (this.publisher.arrivalZeroMicros ?? 0) - mediaMicros;
    const isAhead = arrivalMicros < this.#arrivals.value - AHEAD_LIMIT_MICROS;
    const isBack = mediaMicros < this.#lastMediaMicros - BACK_LIMIT_MICROS;
    if (!isAhead && !isBack) return this.#toMicros(this.#unwrapper.advance(frame.rtpTimestamp, wallTicks));
    this.jumped = true;
    // What arrived in the same burst as its predecessor still lies behind it.
    return this.#toMicros(this.#unwrapper.absorb(frame.rtpTimestamp, Math.max(wallTicks, 1)));
  }

  #witnessArrival(receivedAtMicros: number, mediaMicros: number): void {
    const arrivalMicros = receivedAtMicros - (this.publisher.arrivalZeroMicros ?? 0) - mediaMicros;
    this.#arrivals.add(arrivalMicros, receivedAtMicros);
    this.#recentArrivals.add(arrivalMicros, receivedAtMicros);
  }

  #slew(passedMicros: number): void {
    const errorMicros = this.#targetMicros - this.#offsetMicros;
    if (errorMicros > JUMP_MICROS) {
      this.#offsetMicros = this.#targetMicros;
      this.jumped = true;
      return;
    }
    const share = Math.min(SLEW_MAXIMUM, Math.max(SLEW_MINIMUM, Math.abs(errorMicros) / SLEW_TIME_MICROS));
    const limitMicros = passedMicros * share;
    this.#offsetMicros += Math.min(limitMicros, Math.max(-limitMicros, errorMicros));
  }

  #accept(errorMicros: number): void {
    const offsets = this.#reportedOffsets;
    offsets.push(this.#targetMicros + errorMicros);
    if (offsets.length > REPORTS_REMEMBERED) offsets.shift();
    const ascending = [...offsets].sort((a, b) => a - b);
    const chosen = ascending[offsets.length >= REPORTS_TO_DOUBT_THE_EARLIEST ? 1 : 0];
    if (chosen === undefined) return;
    const isConvincing =
      offsets.length >= REPORTS_THAT_CONVINCE || Math.abs(chosen - this.#targetMicros) > ARRIVAL_ERROR_MICROS;
    this.#followsReports ||= isConvincing;
    if (this.#followsReports) this.#targetMicros = chosen;
    // Only tracks that are settled teach the others how late frames are.
    if (offsets.length < REPORTS_THAT_CONVINCE) return;
    const lagMicros = this.#recentArrivals.value - this.#targetMicros;
    this.publisher.lagMicros += (lagMicros - this.publisher.lagMicros) * LAG_GAIN;
  }

  #suspect(errorMicros: number): void {
    const arrivalsSayMicros = this.#recentArrivals.value - this.publisher.lagMicros - this.#targetMicros;
    const toleranceMicros = Math.max(REPORT_LIMIT_MICROS, Math.abs(errorMicros) / 4);
    if (Math.abs(arrivalsSayMicros - errorMicros) < toleranceMicros) {
      this.#suspects = [];
      this.#reportedOffsets = [];
      this.#accept(errorMicros);
      return;
    }
    this.reportsRejected += 1;
    this.#suspects.push(errorMicros);
    if (this.#suspects.length > REPORTS_THAT_CONVINCE) this.#suspects.shift();
    if (this.#suspects.length < REPORTS_THAT_CONVINCE) return;
    const lowest = Math.min(...this.#suspects);
    const highest = Math.max(...this.#suspects);
    if (highest - lowest > REPORT_LIMIT_MICROS) return;
    const ntpZeroMicros = (this.#ntpZeroMicros ?? 0) + errorMicros;
    this.#suspects = [];
    this.#ntpZeroMicros = ntpZeroMicros;
    this.publisher.ntpZeroMicros = ntpZeroMicros;
  }

  /** Where the track would be at this RTP time, once it has reached its target. */
  #targetTimeOf(rtpTimestamp: number): number {
    return this.#toMicros(this.#unwrapper.peek(rtpTimestamp)) + this.#targetMicros;
  }

  #toMicros(ticks: number): number {
    return (ticks * 1_000_000) / this.clockRate;
  }

  #toTicks(micros: number): number {
    return (micros * this.clockRate) / 1_000_000;
  }
}
