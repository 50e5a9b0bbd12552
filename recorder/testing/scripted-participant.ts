/** For tests: a participant whose frames are real ones, and who does what the test says, on a held clock. */
import type { Codec, TrackSource } from '../contract/media.ts';
import type { ParticipantEvents, ParticipantSource, ReceiveCounters } from '../participant-source.ts';
import type { TaskError } from '../task-error.ts';
import { ScriptedTrack } from '../timeline/scripted-publisher.ts';
import type { Sample } from './encoded-samples.ts';
import type { HeldClock } from './held-clock.ts';

const NTP_START = 1_790_000_000_000_000;
/** What the network takes. */
const DELAY_MICROS = 5000;

/** Samples of a track, to be delivered one after the other. */
export interface ScriptedPlay {
  trackSid: string;
  samples: readonly Sample[];
  fromMs: number;
  framesPerSecond: number;
}

export class ScriptedParticipant implements ParticipantSource {
  readonly keyframeRequests: string[] = [];
  readonly counts = new Map<string, ReceiveCounters>();
  isClosed = false;
  /** Set before `connect` to refuse it. */
  refusal: TaskError | undefined;
  /** Delivered by `close`, as what was whole already. */
  onClose: () => void = () => {};
  readonly #clock: HeldClock;
  readonly #clocks = new Map<string, ScriptedTrack>();
  #events: ParticipantEvents | undefined;
  #connected: () => void = () => {};
  readonly connected = new Promise<void>((resolve) => {
    this.#connected = resolve;
  });

  constructor(clock: HeldClock) {
    this.#clock = clock;
  }

  get events(): ParticipantEvents {
    if (!this.#events) throw new Error('Nobody has connected.');
    return this.#events;
  }

  async connect(events: ParticipantEvents): Promise<void> {
    if (this.refusal) throw this.refusal;
    this.#events = events;
    this.#connected();
  }

  requestKeyframe(trackSid: string): void {
    this.keyframeRequests.push(trackSid);
  }

  counters(trackSid: string): ReceiveCounters | undefined {
    return this.counts.get(trackSid);
  }

  async close(): Promise<void> {
    this.onClose();
    this.isClosed = true;
  }

  publish(trackSid: string, source: TrackSource, codec: Codec): void {
    const kind = source === 'camera' || source === 'screen_share' ? 'video' : 'audio';
    const clockRate = kind === 'video' ? 90_000 : 48_000;
    this.#clocks.set(trackSid, new ScriptedTrack({ clockRate, rtpStart: 4_294_900_000, ntpStartMicros: NTP_START }));
    this.events.trackStarted({ trackSid, source, kind, codec, clockRate, channels: kind === 'audio' ? 2 : undefined });
  }

  /** Delivers the frames of all plays in order of time, while the clock goes on. */
  play(...plays: readonly ScriptedPlay[]): void {
    const frames = plays.flatMap(({ trackSid, samples, fromMs, framesPerSecond }) =>
      samples.map((sample, index) => ({ trackSid, sample, atMs: fromMs + (index * 1000) / framesPerSecond, index })),
    );
    frames.sort((a, b) => a.atMs - b.atMs);
    for (const { trackSid, sample, atMs, index } of frames) {
      this.#clock.passTo(atMs + DELAY_MICROS / 1000);
      const clock = this.#clocks.get(trackSid);
      if (!clock) throw new Error(`${trackSid} was not published.`);
      if (index % 100 === 50) this.events.senderReport(trackSid, clock.report(atMs * 1000, DELAY_MICROS));
      this.events.frame(trackSid, clock.frame(atMs * 1000, DELAY_MICROS, sample));
    }
  }
}
