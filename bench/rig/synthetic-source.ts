/**
 * A participant that exists only as frames: hours of media pass through the pipeline as fast as the disk and the store take it.
 * It moves the pipeline's clock itself, so that an hour of media is an hour for every deadline.
 *
 * The publisher's clock runs differently from ours, its sound card differently from its clock, packets are late by a little each,
 * and sender reports tell how it all fits together, as in life.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clip } from '../../infra/publisher/clip/clip.ts';
import type { SentFrame } from '../../infra/publisher/published-track.ts';
import type { Clock } from '../../recorder/clock.ts';
import type { ParticipantEvents, ParticipantSource, TrackDescription } from '../../recorder/participant-source.ts';
import { seededRandom } from '../bad-path/impairment.ts';

export interface SyntheticSourceOptions {
  video: Clip;
  audio: Clip;
  seconds: number;
  /** How much faster the publisher's clock runs than ours, in millionths. */
  publisherDriftPpm?: number;
  /** How much faster the sound is sampled than it says, by the publisher's clock. */
  soundDriftPpm?: number;
  /** Packets are late by 0 to this. */
  jitterMs?: number;
  /** How much the pipeline holds that is not yet written or stored; media waits while it is too much. */
  pending(): number;
  /** Keeps a list of what was sent, for comparison. */
  keepsSent: boolean;
}

const START_MICROS = 1_000_000_000;
const START_UNIX_MS = Date.UTC(2030, 0, 1);
const REPORT_INTERVAL_MICROS = 1_000_000;
/** A burst of this much media, then the others have a turn. */
const CHUNK_MICROS = 500_000;
const MOST_PENDING = 4;

interface SyntheticTrack {
  description: TrackDescription;
  clip: Clip;
  ssrc: number;
  firstTimestamp: number;
  /** Of the publisher's clock, from frame to frame. */
  frameMicros: number;
  count: number;
  nextReportMicros: number;
  /** Nothing overtakes what was sent before. */
  lastReceivedMicros: number;
  sent: SentFrame[];
}

export class SyntheticSource implements ParticipantSource {
  readonly clock: Clock = {
    monotonicMicros: () => this.#nowMicros,
    unixMs: () => START_UNIX_MS + this.#nowMicros / 1000,
  };
  readonly #options: Required<SyntheticSourceOptions>;
  readonly #random = seededRandom(7);
  readonly #video: SyntheticTrack;
  readonly #audio: SyntheticTrack;
  #nowMicros = START_MICROS;

  constructor(options: SyntheticSourceOptions) {
    this.#options = { publisherDriftPpm: 0, soundDriftPpm: 0, jitterMs: 0, ...options };
    this.#video = trackOf(options.video, 'camera', 1);
    this.#audio = trackOf(options.audio, 'microphone', 2);
    this.#audio.frameMicros /= 1 + this.#options.soundDriftPpm / 1_000_000;
  }

  get sent(): { video: { sent: SentFrame[] }; audio: { sent: SentFrame[] } } {
    return { video: this.#video, audio: this.#audio };
  }

  async connect(events: ParticipantEvents): Promise<void> {
    events.participantPresent('PA_one');
    for (const { description } of [this.#video, this.#audio]) events.trackStarted(description);
    this.#events = events;
  }

  /** Resolves when everything was sent. */
  async play(): Promise<void> {
    const endMicros = this.#options.seconds * 1_000_000;
    for (let untilMicros = 0; untilMicros < endMicros; ) {
      untilMicros = Math.min(endMicros, untilMicros + CHUNK_MICROS);
      this.#playUntil(untilMicros);
      do await nextTurn();
      while (this.#options.pending() > MOST_PENDING);
    }
  }

  requestKeyframe(): void {}

  counters(): undefined {
    return undefined;
  }

  async close(): Promise<void> {}

  #events: ParticipantEvents | undefined;

  #playUntil(untilMicros: number): void {
    for (;;) {
      const track = dueMicros(this.#video) <= dueMicros(this.#audio) ? this.#video : this.#audio;
      const atMicros = dueMicros(track);
      if (atMicros >= untilMicros) return;
      if (atMicros >= track.nextReportMicros) this.#report(track, atMicros);
      this.#send(track, atMicros);
      track.count += 1;
    }
  }

  #send(track: SyntheticTrack, atMicros: number): void {
    const { clip } = track;
    const index = track.count % clip.frames.length;
    const frame = clip.frames[index];
    const [data] = frame?.units ?? [];
    if (!frame || !data) return;
    const rtpTimestamp = (track.firstTimestamp + track.count * clip.frameTicks) % 2 ** 32;
    this.#events?.frame(track.description.trackSid, {
      codec: clip.codec,
      rtpTimestamp,
      data,
      isKeyframe: frame.isKeyframe,
      ...(frame.isKeyframe && clip.kind === 'video' ? { width: clip.width, height: clip.height } : {}),
      afterLoss: false,
      receivedAtMicros: this.#receive(track, atMicros),
    });
    if (!this.#options.keepsSent) return;
    track.sent.push({ atMicros, rtpTimestamp, clip, index, isKeyframe: frame.isKeyframe, sizeBytes: data.length });
  }

  #report(track: SyntheticTrack, atMicros: number): void {
    track.nextReportMicros += REPORT_INTERVAL_MICROS;
    const { clip, ssrc, count, firstTimestamp } = track;
    this.#events?.senderReport(track.description.trackSid, {
      ssrc,
      ntpMicros: START_UNIX_MS * 1000 + atMicros,
      rtpTimestamp: (firstTimestamp + count * clip.frameTicks) % 2 ** 32,
      receivedAtMicros: this.#receive(track, atMicros),
    });
  }

  /** When it arrives, by our clock, which moves there. */
  #receive(track: SyntheticTrack, atMicros: number): number {
    const sentMicros = START_MICROS + atMicros / (1 + this.#options.publisherDriftPpm / 1_000_000);
    const lateMicros = this.#random() * this.#options.jitterMs * 1000;
    track.lastReceivedMicros = Math.max(track.lastReceivedMicros, Math.round(sentMicros + lateMicros));
    this.#nowMicros = Math.max(this.#nowMicros, track.lastReceivedMicros);
    return track.lastReceivedMicros;
  }
}

function dueMicros(track: SyntheticTrack): number {
  return track.count * track.frameMicros;
}

function trackOf(clip: Clip, source: 'camera' | 'microphone', ssrc: number): SyntheticTrack {
  return {
    description: {
      trackSid: `TR_${source}`,
      source,
      kind: clip.kind,
      codec: clip.codec,
      clockRate: clip.clockRate,
      channels: clip.kind === 'audio' ? clip.channels : undefined,
    },
    clip,
    ssrc,
    // Near the wrap, so that it is passed.
    firstTimestamp: 2 ** 32 - clip.clockRate * 60,
    frameMicros: (clip.frameTicks * 1_000_000) / clip.clockRate,
    count: 0,
    nextReportMicros: 100_000,
    lastReceivedMicros: 0,
    sent: [],
  };
}
