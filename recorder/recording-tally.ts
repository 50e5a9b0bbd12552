/**
 * Counts what a recording gets and keeps, per source and codec, for reports and for the manifest. Counters only grow;
 * those of the receive side are read when asked for.
 */
import type { TrackSource, TrackSummary } from './contract/media.ts';
import type { LiveStats } from './contract/report.ts';
import type { ParticipantSource, ReceiveCounters, TrackDescription } from './participant-source.ts';
import type { TimedFrame } from './timeline/timed-frame.ts';

const RATE_WINDOW_MICROS = 1_000_000;
/** A participant that publishes anew all the time must not make reports grow for ever. */
const SUMMARIES_MAXIMUM = 64;
const ENDED_TRACKS_MAXIMUM = 256;

interface Tally {
  summary: TrackSummary;
  dropped: Record<string, number>;
  trackSids: Set<string>;
  /** What was counted while tracks that have ended were this source in this codec. */
  ended: ReceiveCounters;
}

export type ReceivedStats = Omit<LiveStats, 'durationMs' | 'sizeBytes' | 'segmentsPending' | 'uploadTrouble'>;

export class RecordingTally {
  readonly #tallies = new Map<string, Tally>();
  readonly #bySid = new Map<string, Tally>();
  /** The source counts by track, and goes on when a track comes again: this much belongs to earlier. */
  readonly #countedBefore = new Map<string, ReceiveCounters>();
  readonly #window = { startMicros: 0, bytes: 0, frames: 0 };
  #bitrateBps = 0;
  #framesPerSecond = 0;

  constructor(private readonly source: Pick<ParticipantSource, 'counters'>) {}

  trackStarted(track: TrackDescription): void {
    this.trackEnded(track.trackSid);
    const key = `${track.source} ${track.codec}`;
    let tally = this.#tallies.get(key);
    if (!tally) {
      if (this.#tallies.size >= SUMMARIES_MAXIMUM) return;
      tally = newTally(track);
      this.#tallies.set(key, tally);
    }
    tally.trackSids.add(track.trackSid);
    this.#bySid.set(track.trackSid, tally);
  }

  trackEnded(trackSid: string): void {
    const tally = this.#bySid.get(trackSid);
    if (!tally) return;
    this.#addTrack(tally.ended, trackSid);
    const counters = this.source.counters(trackSid);
    if (counters) this.#countedBefore.set(trackSid, structuredClone(counters));
    tally.trackSids.delete(trackSid);
    this.#bySid.delete(trackSid);
    const [oldest] = this.#countedBefore.keys();
    if (this.#countedBefore.size > ENDED_TRACKS_MAXIMUM && oldest) this.#countedBefore.delete(oldest);
  }

  kept(frame: TimedFrame): void {
    const tally = this.#bySid.get(frame.trackSid);
    if (!tally) return;
    const { summary } = tally;
    summary.frames += 1;
    summary.sizeBytes += frame.data.length;
    this.#window.bytes += frame.data.length;
    if (summary.kind === 'audio') return;
    this.#window.frames += 1;
    if (!frame.isKeyframe) return;
    summary.keyframes += 1;
    if (frame.width) summary.width = frame.width;
    if (frame.height) summary.height = frame.height;
  }

  dropped(trackSid: string, reason: string): void {
    const tally = this.#bySid.get(trackSid);
    if (tally) tally.dropped[reason] = (tally.dropped[reason] ?? 0) + 1;
  }

  /** Works out rates once a second. @param nowMicros monotonic clock */
  tick(nowMicros: number): void {
    const elapsedMicros = nowMicros - this.#window.startMicros;
    if (elapsedMicros < RATE_WINDOW_MICROS) return;
    this.#bitrateBps = Math.round((this.#window.bytes * 8_000_000) / elapsedMicros);
    this.#framesPerSecond = Math.round((this.#window.frames * 10_000_000) / elapsedMicros) / 10;
    this.#window.startMicros = nowMicros;
    this.#window.bytes = 0;
    this.#window.frames = 0;
  }

  /** Tracks of which something was kept. */
  get tracks(): TrackSummary[] {
    const summaries: TrackSummary[] = [];
    for (const tally of this.#tallies.values()) {
      if (tally.summary.frames === 0) continue;
      const counters = this.#countersOf(tally);
      const framesDropped = { ...counters.framesDropped };
      for (const [reason, count] of Object.entries(tally.dropped)) {
        framesDropped[reason] = (framesDropped[reason] ?? 0) + count;
      }
      const { packetsReceived, packetsRepaired, packetsLost } = counters;
      summaries.push({ ...tally.summary, packetsReceived, packetsRepaired, packetsLost, framesDropped });
    }
    return summaries;
  }

  get stats(): ReceivedStats {
    const stats: ReceivedStats = {
      bitrateBps: this.#bitrateBps,
      framesPerSecond: this.#framesPerSecond,
      packetsLost: 0,
      packetsRepaired: 0,
    };
    for (const tally of this.#tallies.values()) {
      const counters = this.#countersOf(tally);
      stats.packetsLost += counters.packetsLost;
      stats.packetsRepaired += counters.packetsRepaired;
      for (const trackSid of tally.trackSids) {
        const live = this.source.counters(trackSid);
        if (!live) continue;
        stats.jitterMs = Math.max(stats.jitterMs ?? 0, live.jitterMs);
        if (live.roundTripMs !== undefined) stats.roundTripMs = Math.max(stats.roundTripMs ?? 0, live.roundTripMs);
      }
    }
    return stats;
  }

  #countersOf(tally: Tally): ReceiveCounters {
    const counters = noCounters();
    addCounters(counters, tally.ended, 1);
    for (const trackSid of tally.trackSids) this.#addTrack(counters, trackSid);
    return counters;
  }

  #addTrack(sum: ReceiveCounters, trackSid: string): void {
    const counters = this.source.counters(trackSid);
    if (!counters) return;
    addCounters(sum, counters, 1);
    const before = this.#countedBefore.get(trackSid);
    if (before) addCounters(sum, before, -1);
  }
}

function newTally({ source, kind, codec }: TrackDescription): Tally {
  const summary: TrackSummary = {
    medium: mediumOf(source),
    source,
    kind,
    codec,
    frames: 0,
    keyframes: 0,
    sizeBytes: 0,
    packetsReceived: 0,
    packetsRepaired: 0,
    packetsLost: 0,
    framesDropped: {},
  };
  return { summary, dropped: {}, trackSids: new Set(), ended: noCounters() };
}

export function mediumOf(source: TrackSource): 'camera' | 'screen' {
  return source === 'camera' || source === 'microphone' ? 'camera' : 'screen';
}

function noCounters(): ReceiveCounters {
  return { packetsReceived: 0, packetsRepaired: 0, packetsLost: 0, framesDropped: {}, jitterMs: 0 };
}

function addCounters(sum: ReceiveCounters, more: ReceiveCounters, sign: 1 | -1): void {
  sum.packetsReceived += sign * more.packetsReceived;
  sum.packetsRepaired += sign * more.packetsRepaired;
  sum.packetsLost += sign * more.packetsLost;
  for (const [reason, count] of Object.entries(more.framesDropped)) {
    sum.framesDropped[reason] = (sum.framesDropped[reason] ?? 0) + sign * count;
  }
}
