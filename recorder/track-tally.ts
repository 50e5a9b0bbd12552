/**
 * Counts and measures the frames that are kept of one source in one codec. Called for every frame of every recording: a
 * few additions, nothing allocated, and the clock is read for one frame in 32.
 */
import type { Clock } from './clock.ts';
import { noFigures } from './contract/add-figures.ts';
import { LISTED_RESOLUTIONS_MAXIMUM, type TrackFigures, type TrackSummary } from './contract/media.ts';
import type { LiveTrackStats } from './contract/report.ts';
import { mediumOf } from './medium-of.ts';
import type { ReceiveCounters, TrackDescription } from './participant-source.ts';
import type { TimedFrame } from './timeline/timed-frame.ts';

/** Longer steps are holes, as the timeline sees it (`media-line.ts`), unless they are usual. */
const HOLE_MINIMUM_MICROS = 100_000;
const HOLE_MINIMUM_STEPS = 3;
/** A still screen sends nothing for as long as it likes; beyond this it was away. */
const SCREEN_HOLE_MICROS = 10_000_000;
const USUAL_AUDIO_MICROS = 20_000;
const USUAL_VIDEO_MICROS = 33_333;
/** Long enough to be the usual step of an uneven camera, short enough to follow one that changes its rate. */
const STEP_GAIN = 1 / 16;
/** Four frames per second; a track that begins slower begins with a hole. */
const FIRST_STEP_MAXIMUM_MICROS = 250_000;
const LONG_STEPS_THAT_CONVINCE = 3;
const LONGEST_USUAL_MICROS = 1_000_000;
/** One frame in so many is timed: a clock call costs as much as all the rest here. */
const TIMED_EVERY = 32;

/** Drops of the receive side that are packets: there was nothing in them, or nothing new. */
const withoutMedia = new Set(['padding', 'server-filler', 'unknown-payload', 'late-or-duplicate']);

export class TrackTally {
  /** Tracks that are this source in this codec now. */
  readonly trackSids = new Set<string>();
  readonly #description: TrackDescription;
  readonly #dropped: Record<string, number> = {};
  readonly #resolutions: TrackSummary['resolutions'] = [];
  #width: number | undefined;
  #height: number | undefined;
  #frames = 0;
  #keyframes = 0;
  #sizeBytes = 0;
  #lastMicros = 0;
  #usualStepMicros: number;
  #mediaMicros = 0;
  #jitterSumMicros = 0;
  #jitterMaximumMicros = 0;
  #evenSteps = 0;
  #longSteps = 0;
  #timedMicros = 0;
  #timedFrames = 0;
  #windowFrames = 0;
  #windowBytes = 0;
  #bitrateBps = 0;
  #framesPerSecond = 0;

  constructor(description: TrackDescription) {
    this.#description = description;
    this.#usualStepMicros = description.kind === 'audio' ? USUAL_AUDIO_MICROS : USUAL_VIDEO_MICROS;
  }

  get kind(): 'video' | 'audio' {
    return this.#description.kind;
  }

  get hasFrames(): boolean {
    return this.#frames > 0;
  }

  kept(frame: TimedFrame, clock: Pick<Clock, 'monotonicMicros'>): void {
    this.#frames += 1;
    this.#sizeBytes += frame.data.length;
    this.#windowFrames += 1;
    this.#windowBytes += frame.data.length;
    this.#measureStep(frame.presentationMicros);
    if (this.#frames % TIMED_EVERY === 0) {
      this.#timedFrames += 1;
      this.#timedMicros += Math.max(0, clock.monotonicMicros() - frame.receivedAtMicros);
    }
    if (this.#description.kind === 'audio') return;
    if (frame.isKeyframe) this.#keyframes += 1;
    if (frame.width !== undefined && frame.height !== undefined) this.#noteSize(frame, frame.width, frame.height);
  }

  dropped(reason: string): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + 1;
  }

  /** Ends a window of rates. */
  rate(elapsedMicros: number): { bitrateBps: number; framesPerSecond: number } {
    this.#bitrateBps = Math.round((this.#windowBytes * 8_000_000) / elapsedMicros);
    this.#framesPerSecond = Math.round((this.#windowFrames * 10_000_000) / elapsedMicros) / 10;
    this.#windowBytes = 0;
    this.#windowFrames = 0;
    return { bitrateBps: this.#bitrateBps, framesPerSecond: this.#framesPerSecond };
  }

  summary(counters: ReceiveCounters): TrackSummary {
    const { source, kind, codec } = this.#description;
    return {
      medium: mediumOf(source),
      source,
      kind,
      codec,
      width: this.#width,
      height: this.#height,
      resolutions: [...this.#resolutions],
      ...this.#figures(counters),
    };
  }

  live(counters: ReceiveCounters): LiveTrackStats {
    const { source, codec } = this.#description;
    const { frames, packetsReceived, packetsRepaired, packetsLost, framesDropped } = this.#figures(counters);
    return {
      source,
      codec,
      width: this.#width,
      height: this.#height,
      bitrateBps: this.#bitrateBps,
      framesPerSecond: this.#framesPerSecond,
      frames,
      packetsReceived,
      packetsRepaired,
      packetsLost,
      framesDropped: Object.values(framesDropped).reduce((sum, count) => sum + count, 0),
      jitterMs: roundedMs(counters.jitterMs * 1000),
    };
  }

  #figures(counters: ReceiveCounters): TrackFigures {
    const figures: TrackFigures = {
      ...noFigures(),
      frames: this.#frames,
      keyframes: this.#keyframes,
      sizeBytes: this.#sizeBytes,
      mediaMs: Math.round(this.#mediaMicros / 1000),
      packetsReceived: counters.packetsReceived,
      packetsRepaired: counters.packetsRepaired,
      packetsLost: counters.packetsLost,
      framesRepaired: counters.framesRepaired ?? 0,
      framesDropped: { ...this.#dropped },
      presentationJitterMs: {
        average: this.#evenSteps === 0 ? 0 : roundedMs(this.#jitterSumMicros / this.#evenSteps),
        maximum: roundedMs(this.#jitterMaximumMicros),
      },
      longestQuietMs: Math.round((counters.longestQuietMicros ?? 0) / 1000),
      processingMicros: this.#timedFrames === 0 ? 0 : Math.round(this.#timedMicros / this.#timedFrames),
      jitterMs: roundedMs(counters.jitterMs * 1000),
      roundTripMs: counters.roundTripMs === undefined ? undefined : roundedMs(counters.roundTripMs * 1000),
    };
    for (const [reason, count] of Object.entries(counters.framesDropped)) {
      const counts = withoutMedia.has(reason) ? figures.packetsIgnored : figures.framesDropped;
      counts[reason] = (counts[reason] ?? 0) + count;
    }
    return figures;
  }

  #measureStep(presentationMicros: number): void {
    const stepMicros = presentationMicros - this.#lastMicros;
    this.#lastMicros = presentationMicros;
    const usualMicros = this.#usualStepMicros;
    if (this.#frames === 1) {
      this.#mediaMicros += usualMicros;
      return;
    }
    if (this.#frames === 2 && stepMicros < FIRST_STEP_MAXIMUM_MICROS) {
      // Nothing was known of what is usual.
      this.#mediaMicros += 2 * stepMicros - usualMicros;
      this.#usualStepMicros = stepMicros;
      return;
    }
    const isEven = stepMicros < Math.max(HOLE_MINIMUM_MICROS, HOLE_MINIMUM_STEPS * usualMicros);
    const isScreen = this.#description.source === 'screen_share';
    this.#mediaMicros += isEven || (isScreen && stepMicros < SCREEN_HOLE_MICROS) ? stepMicros : usualMicros;
    if (isEven) {
      const deviationMicros = Math.abs(stepMicros - usualMicros);
      this.#evenSteps += 1;
      this.#jitterSumMicros += deviationMicros;
      if (deviationMicros > this.#jitterMaximumMicros) this.#jitterMaximumMicros = deviationMicros;
    }
    this.#learnStep(stepMicros, isEven);
  }

  #learnStep(stepMicros: number, isEven: boolean): void {
    this.#longSteps = isEven ? 0 : this.#longSteps + 1;
    if (isEven) this.#usualStepMicros += (stepMicros - this.#usualStepMicros) * STEP_GAIN;
    // A camera may go over to a much lower rate. Comfort noise every 400 ms says nothing about how long a packet is.
    else if (this.#longSteps >= LONG_STEPS_THAT_CONVINCE && this.#description.kind === 'video')
      this.#usualStepMicros = Math.min(stepMicros, LONGEST_USUAL_MICROS);
  }

  #noteSize(frame: TimedFrame, width: number, height: number): void {
    if (width === this.#width && height === this.#height) return;
    this.#width = width;
    this.#height = height;
    if (this.#resolutions.length >= LISTED_RESOLUTIONS_MAXIMUM) return;
    this.#resolutions.push({ fromMicros: frame.presentationMicros, width, height });
  }
}

/** To a hundredth: more would be noise, and bytes of every report. */
function roundedMs(micros: number): number {
  return Math.round(micros / 10) / 100;
}
