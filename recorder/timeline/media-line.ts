/**
 * One line of a recording's timeline: the frames of one source (say, the camera), whichever tracks they came from. Keeps
 * their times growing and lists what is missing between them.
 */
import type { Gap, GapReason, Medium, TrackSource } from '../contract/media.ts';
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import { mediumOf } from '../medium-of.ts';
import { frameDuration } from './frame-duration.ts';
import type { GapList } from './gap-list.ts';

/** Containers count in milliseconds: two frames of a line must not fall into the same one. */
const STEP_MINIMUM_MICROS = 1000;
const USUAL_VIDEO_MICROS = 33_333;
/** Holes shorter than this are a variable frame rate, unless packets are known to be lost. */
const GAP_MINIMUM_MICROS = 100_000;
/** Shorter silences are the pauses between words. */
const SILENCE_MINIMUM_MICROS = 1_000_000;
/** A camera that halves its frame rate in the dark makes no gaps. */
const GAP_MINIMUM_INTERVALS = 3;

/** When several things happen during one hole, the first of these names it, from when it began. */
const reasonsByWeight: readonly GapReason[] = [
  'paused',
  'participant-away',
  'recorder-away',
  'unpublished',
  'muted',
  'packet-loss',
  'timestamp-jump',
  'silence',
];

export class MediaLine {
  readonly medium: Medium;
  readonly kind: 'video' | 'audio';
  /** Start of the newest frame; -1 before the first. */
  startMicros = -1;
  /** Where the newest frame is over, as far as one can know, or the gap behind it: the next frame should start here. */
  endMicros = 0;
  #videoIntervalMicros = USUAL_VIDEO_MICROS;
  #expected: GapReason | undefined;
  #cutMicros = 0;
  #silence: { fromMicros: number; toMicros: number } | undefined;

  constructor(
    readonly source: TrackSource,
    private readonly gaps: GapList,
  ) {
    this.medium = mediumOf(source);
    this.kind = source === 'camera' || source === 'screen_share' ? 'video' : 'audio';
  }

  get hasFrames(): boolean {
    return this.startMicros >= 0;
  }

  /**
   * Something is known to interrupt the line from now until its next frame.
   *
   * @param nowMicros how far the recording is, if that is known: until then, what interrupted the line before is a gap of its own
   */
  expectGap(reason: GapReason, nowMicros = this.endMicros): void {
    if (!this.hasFrames) return;
    const before = this.#expected;
    if (before && reasonsByWeight.indexOf(before) <= reasonsByWeight.indexOf(reason)) return;
    if (before && nowMicros - this.endMicros >= GAP_MINIMUM_MICROS) {
      this.gaps.add(this.#gap(this.endMicros, nowMicros, before));
      this.endMicros = nowMicros;
    }
    this.#expected = reason;
  }

  get isInterrupted(): boolean {
    return this.#expected !== undefined;
  }

  /** So much time of a pause is left out of the recording: the pause is listed however small its hole is. */
  cut(micros: number): void {
    if (this.#expected === 'paused') this.#cutMicros += micros;
  }

  /** A hole that is open now, with both ends where the line stopped. */
  get openGap(): Gap | undefined {
    if (!this.#expected) return undefined;
    return this.#gap(this.endMicros, this.endMicros, this.#expected);
  }

  /** Appends a frame near `wantedMicros` and answers where it really starts. */
  append(frame: EncodedFrame, wantedMicros: number, jumped: boolean): number {
    const earliestMicros = this.hasFrames ? this.startMicros + STEP_MINIMUM_MICROS : 0;
    const startMicros = Math.max(earliestMicros, Math.round(wantedMicros));
    if (this.hasFrames) {
      this.#listHole(startMicros, frame.afterLoss, jumped);
      if (this.kind === 'video') this.#learnInterval(startMicros - this.startMicros);
    }
    this.#expected = undefined;
    this.#cutMicros = 0;
    this.startMicros = startMicros;
    this.endMicros = startMicros + (frameDuration(frame) ?? this.#videoIntervalMicros);
    return startMicros;
  }

  /** No more frames: gaps that are open last until the end. */
  finish(endMicros: number): void {
    this.#listSilence();
    const missingMicros = endMicros - this.endMicros;
    // Sound went on without the picture: what was on its way did not come any more.
    const isCutShort =
      this.kind === 'video' && this.hasFrames && missingMicros >= this.#shortestGapMicros('timestamp-jump', false);
    const reason = this.#expected ?? (isCutShort ? 'packet-loss' : undefined);
    if (reason && missingMicros >= GAP_MINIMUM_MICROS) this.gaps.add(this.#gap(this.endMicros, endMicros, reason));
    this.#expected = undefined;
  }

  #listHole(startMicros: number, afterLoss: boolean, jumped: boolean): void {
    const holeMicros = startMicros - this.endMicros;
    const isQuiet = this.kind === 'audio' && !this.#expected && !afterLoss && !jumped;
    if (isQuiet && holeMicros >= GAP_MINIMUM_MICROS) {
      // While nobody speaks one packet of comfort noise comes every 400 ms: those holes are one silence.
      this.#silence ??= { fromMicros: this.endMicros, toMicros: startMicros };
      this.#silence.toMicros = startMicros;
      return;
    }
    this.#listSilence();
    const reason = this.#expected ?? (afterLoss ? 'packet-loss' : 'timestamp-jump');
    if (this.#cutMicros > 0 || holeMicros >= this.#shortestGapMicros(reason, jumped)) {
      this.gaps.add(this.#gap(Math.min(this.endMicros, startMicros), startMicros, reason));
    }
  }

  #shortestGapMicros(reason: GapReason, jumped: boolean): number {
    if (reason === 'packet-loss') return this.kind === 'video' ? this.#videoIntervalMicros / 2 : STEP_MINIMUM_MICROS;
    if (reason !== 'timestamp-jump' || jumped || this.kind === 'audio') return GAP_MINIMUM_MICROS;
    // A still screen sends nothing for as long as it likes.
    if (this.source === 'screen_share') return Number.POSITIVE_INFINITY;
    return Math.max(GAP_MINIMUM_MICROS, GAP_MINIMUM_INTERVALS * this.#videoIntervalMicros);
  }

  #listSilence(): void {
    const silence = this.#silence;
    this.#silence = undefined;
    if (!silence || silence.toMicros - silence.fromMicros < SILENCE_MINIMUM_MICROS) return;
    this.gaps.add(this.#gap(silence.fromMicros, silence.toMicros, 'silence'));
  }

  #learnInterval(intervalMicros: number): void {
    const bounded = Math.min(intervalMicros, 1_000_000);
    this.#videoIntervalMicros += Math.round((bounded - this.#videoIntervalMicros) / 8);
  }

  #gap(fromMicros: number, toMicros: number, reason: GapReason): Gap {
    const gap = { medium: this.medium, kind: this.kind, fromMicros, toMicros, reason };
    return this.#cutMicros > 0 && reason === 'paused' ? { ...gap, cutMicros: this.#cutMicros } : gap;
  }
}
