/**
 * Stage: timeline. Puts the frames of all tracks of a participant on the recording's one clock.
 *
 * In:  EncodedFrame of each track in RTP order, sender reports, and what is known to interrupt a track (mute, unpublish,
 *      the participant or the recorder away, pause).
 * Out: TimedFrame in the order frames came in: integer microseconds, ≥ 0, growing by at least 1 ms within a source. Time
 *      0 is the first frame that is kept. Holes are listed as gaps with their reason.
 * Dropped, with the reason as the answer: video before a track's first keyframe (`before-keyframe`), video between a loss
 *      that could not be repaired and the next keyframe if so wished (`undecodable`), frames of a track whose source has
 *      moved on to a newer one (`replaced`), frames during a pause (`paused`), frames of a track nobody announced
 *      (`unknown-track`).
 * RFC 3550 section 6.4; how a frame finds its place is in `track-clock.ts`, what makes a gap in `media-line.ts`.
 *
 * A source is one line of the recording. A track published anew continues its source's line: the newest track that
 * delivers has it.
 */
import type { Gap, TrackSource, Undecodable } from '../contract/media.ts';
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import type { TrackDescription } from '../participant-source.ts';
import type { SenderReport } from '../rtp/sender-report.ts';
import { GapList } from './gap-list.ts';
import { type GateDrop, KeyframeGate } from './keyframe-gate.ts';
import { MediaLine } from './media-line.ts';
import { PublisherClock } from './publisher-clock.ts';
import type { TimedFrame } from './timed-frame.ts';
import { TrackClock } from './track-clock.ts';

export type TimelineDrop = GateDrop | 'paused' | 'replaced' | 'unknown-track';

interface TimedTrack {
  /** Counts track starts: of two tracks of a source the later one is wanted. */
  order: number;
  clock: TrackClock;
  gate: KeyframeGate | undefined;
  line: MediaLine;
  muted: boolean;
}

export interface TimelineOptions {
  /**
   * Video after a loss that was not repaired refers to a frame that is not there. `keep`: a decoder makes of it what it
   * can, which for small losses is a passing smear. `drop`: nothing until the next keyframe, so that no picture is wrong.
   */
  undecodable?: Undecodable;
}

export class Timeline {
  readonly #publisher = new PublisherClock();
  readonly #tracks = new Map<string, TimedTrack>();
  readonly #lines = new Map<TrackSource, MediaLine>();
  /** The track that has the line now. */
  readonly #holders = new Map<MediaLine, TimedTrack>();
  readonly #gapList = new GapList();
  #trackStarts = 0;
  #paused = false;
  /** Set by a resume that cuts: the next frame continues where the recording stopped. */
  #cutPending = false;
  #cutMicros = 0;
  readonly #dropsUndecodable: boolean;

  constructor({ undecodable = 'keep' }: TimelineOptions = {}) {
    this.#dropsUndecodable = undecodable === 'drop';
  }

  trackStarted(track: TrackDescription): void {
    const line = this.#lines.get(track.source) ?? new MediaLine(track.source, this.#gapList);
    this.#lines.set(track.source, line);
    this.#trackStarts += 1;
    const previous = this.#tracks.get(track.trackSid);
    const started: TimedTrack = {
      order: this.#trackStarts,
      clock: new TrackClock(track.clockRate, this.#publisher),
      gate: track.kind === 'video' ? new KeyframeGate() : undefined,
      line,
      muted: false,
    };
    this.#tracks.set(track.trackSid, started);
    // Another codec, or another connection: it is the same track still.
    if (previous && this.#holders.get(line) === previous) this.#holders.set(line, started);
  }

  trackMuted(trackSid: string, muted: boolean): void {
    const track = this.#tracks.get(trackSid);
    if (!track) return;
    track.muted = muted;
    if (muted && this.#holders.get(track.line) === track) track.line.expectGap('muted');
  }

  trackEnded(trackSid: string): void {
    const track = this.#tracks.get(trackSid);
    if (!track) return;
    this.#tracks.delete(trackSid);
    if (this.#holders.get(track.line) !== track) return;
    this.#holders.delete(track.line);
    track.line.expectGap('unpublished');
  }

  senderReport(trackSid: string, report: SenderReport): void {
    this.#tracks.get(trackSid)?.clock.handleReport(report);
  }

  participantGone(): void {
    this.#expectGaps('participant-away');
    this.#publisher.forgetNtp();
  }

  recorderAway(): void {
    this.#expectGaps('recorder-away');
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#expectGaps('paused');
  }

  /** @param cutTime the pause takes no time in the recording; otherwise it is a hole as long as it lasted. */
  resume(cutTime: boolean): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#cutPending = cutTime;
    for (const track of this.#tracks.values()) track.gate?.close();
  }

  /** Answers the frame with its time, or why it is dropped. */
  frame(trackSid: string, frame: EncodedFrame): TimedFrame | TimelineDrop {
    const track = this.#tracks.get(trackSid);
    if (!track) return 'unknown-track';
    if (this.#paused) return 'paused';
    const refusal = track.gate && this.#refusal(track.gate, track, frame);
    if (refusal) return refusal;
    if (!this.#takeLine(track)) return 'replaced';

    const timeMicros = track.clock.place(frame);
    if (this.#cutPending) this.#cut(timeMicros);
    const presentationMicros = track.line.append(frame, timeMicros - this.#cutMicros, track.clock.jumped);
    // Packets that were under way when the track was muted do not end the gap.
    if (track.muted) track.line.expectGap('muted');
    return {
      trackSid,
      presentationMicros,
      codec: frame.codec,
      rtpTimestamp: frame.rtpTimestamp,
      data: frame.data,
      isKeyframe: frame.isKeyframe,
      width: frame.width,
      height: frame.height,
      afterLoss: frame.afterLoss,
      receivedAtMicros: frame.receivedAtMicros,
    };
  }

  /** No more frames will come: lists the gaps that last until the end. */
  finish(): void {
    const endMicros = this.endMicros;
    for (const line of this.#lines.values()) line.finish(endMicros);
  }

  /** A frame that was placed was not kept after all: what refers to it cannot be shown. */
  frameLost(trackSid: string): void {
    this.#tracks.get(trackSid)?.gate?.close();
  }

  /** Video tracks that cannot be recorded before their next keyframe. */
  *tracksWithoutKeyframe(): Iterable<string> {
    for (const [trackSid, track] of this.#tracks) {
      if (track.gate && !track.gate.isOpen && !track.muted) yield trackSid;
    }
  }

  /** Monotonic clock of time 0; undefined before the first frame. */
  get zeroMicros(): number | undefined {
    return this.#publisher.arrivalZeroMicros;
  }

  /** The publisher's NTP clock at time 0, Unix microseconds; undefined while no sender report told it. */
  get publisherZeroMicros(): number | undefined {
    return this.#publisher.ntpZeroMicros;
  }

  /** Pauses that were cut out, together. */
  get cutMicros(): number {
    return this.#cutMicros;
  }

  /** How long the recording is at this time of the monotonic clock; undefined while no time passes in it. */
  lengthAt(nowMicros: number): number | undefined {
    const { zeroMicros } = this;
    if (zeroMicros === undefined || this.#paused || this.#cutPending) return undefined;
    return nowMicros - zeroMicros - this.#cutMicros;
  }

  /** Where the newest frame of any line ends. */
  get endMicros(): number {
    let endMicros = 0;
    for (const line of this.#lines.values()) endMicros = Math.max(endMicros, line.endMicros);
    return endMicros;
  }

  /** Gaps in the order they ended, then those still open. */
  get gaps(): Gap[] {
    const gaps = [...this.#gapList.all];
    for (const line of this.#lines.values()) {
      if (line.openGap) gaps.push(line.openGap);
    }
    return gaps;
  }

  /** The frame at this time goes on where the recording stopped. */
  #cut(timeMicros: number): void {
    this.#cutPending = false;
    const cutMicros = Math.max(0, Math.round(timeMicros - this.#cutMicros - this.endMicros));
    this.#cutMicros += cutMicros;
    for (const line of this.#lines.values()) line.cut(cutMicros);
  }

  #refusal(gate: KeyframeGate, { line, muted }: TimedTrack, frame: EncodedFrame): GateDrop | undefined {
    // The keyframe that a track goes on with after a mute was lost (LiveKit 1.11 withholds the first packet of VP9): what
    // follows refers to nothing that is here.
    if (frame.afterLoss && line.isInterrupted && !muted) gate.close();
    if (this.#dropsUndecodable && frame.afterLoss && !frame.isKeyframe && gate.isOpen) {
      gate.close('undecodable');
      line.expectGap('packet-loss');
    }
    return gate.refuses(frame);
  }

  #takeLine(track: TimedTrack): boolean {
    const holder = this.#holders.get(track.line);
    if (holder === track) return true;
    if (holder && holder.order > track.order) return false;
    if (holder) track.line.expectGap('unpublished');
    this.#holders.set(track.line, track);
    return true;
  }

  #expectGaps(reason: 'participant-away' | 'recorder-away' | 'paused'): void {
    const nowMicros = this.endMicros;
    for (const line of this.#lines.values()) line.expectGap(reason, nowMicros);
  }
}
