/**
 * The way of a recording's media, from frames to closed segments: timeline → segment.
 *
 * In:  tracks that come, change and go, their frames and sender reports. Out: segments, one file after the other in each
 *      medium, and what is known of the tracks. What is dropped is counted, by reason, and listed as a gap where it leaves a hole.
 */
import type { Clock } from './clock.ts';
import type { Medium } from './contract/media.ts';
import type { EncodedFrame } from './depacketize/encoded-frame.ts';
import { mediumOf } from './medium-of.ts';
import type { ParticipantSource, TrackDescription } from './participant-source.ts';
import type { RecordingTask } from './recording-options.ts';
import { RecordingTally } from './recording-tally.ts';
import type { SenderReport } from './rtp/sender-report.ts';
import type { Segment } from './segment/segment.ts';
import { Segmenter } from './segment/segmenter.ts';
import { Timeline } from './timeline/timeline.ts';

export interface MediaFlowOptions {
  task: Pick<RecordingTask, 'segmentMs' | 'maxDurationMs' | 'undecodable'>;
  source: Pick<ParticipantSource, 'counters' | 'requestKeyframe'>;
  clock: Clock;
  onSegment(segment: Segment): void;
  /** Nothing more fits before segments: frames are dropped meanwhile. */
  isFull(): boolean;
}

/** A frame that was kept, as far as deadlines care. */
export interface KeptFrame {
  receivedAtMicros: number;
  isVideo: boolean;
}

export class MediaFlow {
  readonly #options: MediaFlowOptions;
  readonly #timeline: Timeline;
  readonly #tally: RecordingTally;
  readonly #segmenters = new Map<Medium, Segmenter>();
  readonly #tracks = new Map<string, TrackDescription>();

  constructor(options: MediaFlowOptions) {
    this.#options = options;
    this.#timeline = new Timeline({ undecodable: options.task.undecodable });
    this.#tally = new RecordingTally(options.source, options.clock);
  }

  trackStarted(track: TrackDescription): void {
    this.#tracks.set(track.trackSid, track);
    this.#timeline.trackStarted(track);
    this.#tally.trackStarted(track);
  }

  trackMuted(trackSid: string, muted: boolean): void {
    this.#timeline.trackMuted(trackSid, muted);
  }

  trackEnded(trackSid: string): void {
    this.#timeline.trackEnded(trackSid);
    this.#tally.trackEnded(trackSid);
    this.#tracks.delete(trackSid);
  }

  senderReport(trackSid: string, report: SenderReport): void {
    this.#timeline.senderReport(trackSid, report);
  }

  participantGone(): void {
    this.#timeline.participantGone();
  }

  recorderAway(): void {
    this.#timeline.recorderAway();
  }

  /** Undefined: dropped, and counted. `beyond-end`: the recording is as long as it may become. */
  frame(trackSid: string, frame: EncodedFrame): KeptFrame | 'beyond-end' | undefined {
    const track = this.#tracks.get(trackSid);
    if (!track) return undefined;
    const timed = this.#timeline.frame(trackSid, frame);
    if (typeof timed === 'string') {
      this.#tally.dropped(trackSid, timed);
      return undefined;
    }
    if (this.#isBeyondEnd(timed.presentationMicros)) return 'beyond-end';
    const dropped = this.#options.isFull()
      ? 'back-pressure'
      : this.#segmenterOf(mediumOf(track.source)).add(timed, track.channels);
    if (dropped) {
      this.#timeline.frameLost(trackSid);
      this.#tally.dropped(trackSid, dropped);
      return undefined;
    }
    this.#tally.kept(timed);
    return { receivedAtMicros: timed.receivedAtMicros, isVideo: track.kind === 'video' };
  }

  /** Closes segments that no frame came to close. False when the recording is as long as it may become. */
  tick(nowMicros: number): boolean {
    for (const segmenter of this.#segmenters.values()) segmenter.tick(nowMicros);
    this.#tally.tick(nowMicros);
    const lengthMicros = this.#timeline.lengthAt(nowMicros);
    return lengthMicros === undefined || !this.#isBeyondEnd(lengthMicros);
  }

  askForKeyframes(): void {
    for (const trackSid of this.#timeline.tracksWithoutKeyframe()) this.#options.source.requestKeyframe(trackSid);
  }

  pause(): void {
    this.#timeline.pause();
    // Nothing more comes: what is there need not wait.
    this.closeSegments();
  }

  resume(cutTime: boolean): void {
    this.#timeline.resume(cutTime);
    this.askForKeyframes();
  }

  closeSegments(): void {
    for (const segmenter of this.#segmenters.values()) segmenter.close();
  }

  finish(): void {
    this.#timeline.finish();
    this.closeSegments();
  }

  get stats() {
    return {
      ...this.#tally.stats,
      durationMs: Math.round(this.#timeline.endMicros / 1000),
      cutMs: Math.round(this.#timeline.cutMicros / 1000),
    };
  }

  get tracks() {
    return this.#tally.tracks;
  }

  get gaps() {
    return this.#timeline.gaps;
  }

  /** Time 0, on the monotonic clock; undefined before the first frame. */
  get zeroMicros(): number | undefined {
    return this.#timeline.zeroMicros;
  }

  /** Time 0, on the publisher's NTP clock: Unix microseconds. */
  get publisherZeroMicros(): number | undefined {
    const micros = this.#timeline.publisherZeroMicros;
    return micros === undefined ? undefined : Math.round(micros);
  }

  #segmenterOf(medium: Medium): Segmenter {
    let segmenter = this.#segmenters.get(medium);
    if (!segmenter) {
      const { task, onSegment } = this.#options;
      segmenter = new Segmenter({ medium, segmentMs: task.segmentMs, onSegment });
      this.#segmenters.set(medium, segmenter);
    }
    return segmenter;
  }

  #isBeyondEnd(timeMicros: number): boolean {
    const { maxDurationMs } = this.#options.task;
    return maxDurationMs !== undefined && timeMicros >= maxDurationMs * 1000;
  }
}
