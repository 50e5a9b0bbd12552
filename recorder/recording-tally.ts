/**
 * Counts what a recording gets and keeps, per source and codec, for reports and for the manifest. Counters only grow;
 * those of the receive side are read when asked for. What is measured of each frame is in `track-tally.ts`.
 */
import type { Clock } from './clock.ts';
import { addCounts } from './contract/add-figures.ts';
import type { TrackSummary } from './contract/media.ts';
import type { LiveStats } from './contract/report.ts';
import {
  noCounters,
  type ParticipantSource,
  type ReceiveCounters,
  type TrackDescription,
} from './participant-source.ts';
import type { TimedFrame } from './timeline/timed-frame.ts';
import { TrackTally } from './track-tally.ts';

const RATE_WINDOW_MICROS = 1_000_000;
/** A participant that publishes anew all the time must not make reports grow for ever. */
const SUMMARIES_MAXIMUM = 64;
const ENDED_TRACKS_MAXIMUM = 256;
/** The contract's bound. */
const LIVE_TRACKS_MAXIMUM = 8;

interface Tally {
  frames: TrackTally;
  /** What was counted while tracks that have ended were this source in this codec. */
  ended: ReceiveCounters;
}

export type ReceivedStats = Omit<LiveStats, 'durationMs' | 'sizeBytes' | 'segmentsPending' | 'uploadTrouble' | 'cutMs'>;

export class RecordingTally {
  readonly #tallies = new Map<string, Tally>();
  readonly #bySid = new Map<string, Tally>();
  /** The source counts by track, and goes on when a track comes again: this much belongs to earlier. */
  readonly #countedBefore = new Map<string, ReceiveCounters>();
  #windowStartMicros = 0;
  #bitrateBps = 0;
  #framesPerSecond = 0;

  constructor(
    private readonly source: Pick<ParticipantSource, 'counters'>,
    private readonly clock: Pick<Clock, 'monotonicMicros'>,
  ) {}

  trackStarted(track: TrackDescription): void {
    this.trackEnded(track.trackSid);
    const key = `${track.source} ${track.codec}`;
    let tally = this.#tallies.get(key);
    if (!tally) {
      if (this.#tallies.size >= SUMMARIES_MAXIMUM) return;
      tally = { frames: new TrackTally(track), ended: noCounters() };
      this.#tallies.set(key, tally);
    }
    tally.frames.trackSids.add(track.trackSid);
    this.#bySid.set(track.trackSid, tally);
  }

  trackEnded(trackSid: string): void {
    const tally = this.#bySid.get(trackSid);
    if (!tally) return;
    this.#addTrack(tally.ended, trackSid);
    const counters = this.source.counters(trackSid);
    if (counters) this.#countedBefore.set(trackSid, structuredClone(counters));
    tally.frames.trackSids.delete(trackSid);
    this.#bySid.delete(trackSid);
    const [oldest] = this.#countedBefore.keys();
    if (this.#countedBefore.size > ENDED_TRACKS_MAXIMUM && oldest) this.#countedBefore.delete(oldest);
  }

  kept(frame: TimedFrame): void {
    this.#bySid.get(frame.trackSid)?.frames.kept(frame, this.clock);
  }

  dropped(trackSid: string, reason: string): void {
    this.#bySid.get(trackSid)?.frames.dropped(reason);
  }

  /** Works out rates once a second. @param nowMicros monotonic clock */
  tick(nowMicros: number): void {
    const elapsedMicros = nowMicros - this.#windowStartMicros;
    if (elapsedMicros < RATE_WINDOW_MICROS) return;
    this.#windowStartMicros = nowMicros;
    this.#bitrateBps = 0;
    this.#framesPerSecond = 0;
    for (const { frames } of this.#tallies.values()) {
      const { bitrateBps, framesPerSecond } = frames.rate(elapsedMicros);
      this.#bitrateBps += bitrateBps;
      // Of pictures: packets of sound are no frames to anybody who watches.
      if (frames.kind === 'video') this.#framesPerSecond += framesPerSecond;
    }
  }

  /** Tracks of which something was kept. */
  get tracks(): TrackSummary[] {
    const kept = [...this.#tallies.values()].filter((tally) => tally.frames.hasFrames);
    return kept.map((tally) => tally.frames.summary(this.#countersOf(tally)));
  }

  get stats(): ReceivedStats {
    const stats: ReceivedStats = {
      bitrateBps: this.#bitrateBps,
      framesPerSecond: Math.round(this.#framesPerSecond * 10) / 10,
      packetsLost: 0,
      packetsRepaired: 0,
    };
    const live = [];
    for (const tally of this.#tallies.values()) {
      const counters = this.#countersOf(tally);
      stats.packetsLost += counters.packetsLost;
      stats.packetsRepaired += counters.packetsRepaired;
      if (tally.frames.trackSids.size === 0) continue;
      live.push(tally.frames.live(counters));
      stats.jitterMs = Math.max(stats.jitterMs ?? 0, counters.jitterMs);
      if (counters.roundTripMs === undefined) continue;
      stats.roundTripMs = Math.max(stats.roundTripMs ?? 0, counters.roundTripMs);
    }
    stats.tracks = live.slice(-LIVE_TRACKS_MAXIMUM);
    return stats;
  }

  #countersOf(tally: Tally): ReceiveCounters {
    const counters = noCounters();
    addCounters(counters, tally.ended, 1);
    for (const trackSid of tally.frames.trackSids) this.#addTrack(counters, trackSid);
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

/** What only grows is added, or taken off again; of estimates the newest counts, and of the quiet the longest. */
function addCounters(sum: ReceiveCounters, more: ReceiveCounters, sign: 1 | -1): void {
  sum.packetsReceived += sign * more.packetsReceived;
  sum.packetsRepaired += sign * more.packetsRepaired;
  sum.packetsLost += sign * more.packetsLost;
  sum.framesRepaired = (sum.framesRepaired ?? 0) + sign * (more.framesRepaired ?? 0);
  const signed = Object.entries(more.framesDropped).map(([reason, count]) => [reason, sign * count] as const);
  sum.framesDropped = addCounts(sum.framesDropped, Object.fromEntries(signed));
  if (sign < 0) return;
  sum.jitterMs = more.jitterMs;
  sum.roundTripMs = more.roundTripMs ?? sum.roundTripMs;
  sum.longestQuietMicros = Math.max(sum.longestQuietMicros ?? 0, more.longestQuietMicros ?? 0);
}
