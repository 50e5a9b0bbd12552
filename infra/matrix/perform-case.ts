/**
 * Carries out a row of the matrix on a real server, and records it with the real pipeline.
 *
 * Recorders are in the room before anybody publishes; scripted publishers send clips whose every frame is known.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AccessToken } from 'livekit-server-sdk';
import { pino } from 'pino';
import { systemClock } from '../../recorder/clock.ts';
import type { FinishedMedia, Gap, TrackSource, TrackSummary } from '../../recorder/contract/media.ts';
import type { Outcome } from '../../recorder/contract/report.ts';
import { Recording } from '../../recorder/pipeline.ts';
import { LiveKitParticipant } from '../../recorder/signalling/livekit-participant.ts';
import { FolderStore } from '../../storage/folder-store.ts';
import { loadClip } from '../publisher/clip/load-clip.ts';
import type { PublishedTrack, SentFrame } from '../publisher/published-track.ts';
import { ScriptedPublisher } from '../publisher/scripted-publisher.ts';
import type { MatrixCase, PlannedTrack, Step } from './matrix-case.ts';

export interface Stage {
  livekit: { url: string; apiKey: string; apiSecret: string };
  /** For stores and spools. */
  folder: string;
}

/** One recording and what its participant published meanwhile. */
export interface RecordedParticipant {
  identity: string;
  outcome: Outcome;
  files: (FinishedMedia & { path: string })[];
  tracks: TrackSummary[];
  gaps: Gap[];
  /** One list for each time it was published or unmuted. */
  sent: ReadonlyMap<TrackSource, readonly (readonly SentFrame[])[]>;
}

const SOURCES: readonly TrackSource[] = ['camera', 'microphone', 'screen_share', 'screen_share_audio'];
/** Far more than anything takes: only what hangs gets there. */
export const PATIENCE_MS = 40_000;
const SEGMENT_MS = 1000;

export async function performCase(stage: Stage, row: MatrixCase): Promise<RecordedParticipant[]> {
  const room = `matrix-${randomUUID()}`;
  const identities = row.participants ?? ['alice'];
  const performers = await Promise.all(identities.map((identity) => Performer.join(stage, room, identity, row.loses)));
  try {
    for (const step of row.steps) {
      const performer = performers.find(({ identity }) => identity === (step.by ?? identities[0]));
      if (!performer) throw new Error(`The case "${row.name}" speaks of ${step.by}, who does not take part.`);
      await performer.carryOut(step);
    }
    return (await Promise.all(performers.map((performer) => performer.finish()))).flat();
  } finally {
    await Promise.all(performers.map((performer) => performer.end()));
  }
}

class Performer {
  readonly identity: string;
  readonly #stage: Stage;
  readonly #room: string;
  readonly #loses: MatrixCase['loses'];
  readonly #done: RecordedParticipant[] = [];
  #publisher: ScriptedPublisher | undefined;
  /** Newest last. */
  readonly #published = new Map<TrackSource, PublishedTrack[]>();
  /** How many frames a track had sent when it was muted: the server lets through none beside these. */
  readonly #mutes = new Map<PublishedTrack, number[]>();
  #recorder: { recording: Recording; outcome: Promise<Outcome>; storeFolder: string };

  private constructor(stage: Stage, room: string, identity: string, loses: MatrixCase['loses'], recorder: Recorder) {
    this.#stage = stage;
    this.#room = room;
    this.identity = identity;
    this.#loses = loses;
    this.#recorder = recorder;
  }

  static async join(stage: Stage, room: string, identity: string, loses: MatrixCase['loses']): Promise<Performer> {
    return new Performer(stage, room, identity, loses, await startRecorder(stage, room, identity));
  }

  async carryOut(step: Step): Promise<void> {
    switch (step.do) {
      case 'publish':
        return this.#publish(step.tracks);
      case 'unpublish':
        return this.#publisher?.unpublish(this.#track(step.track));
      case 'mute':
      case 'unmute':
        return this.#setMuted(this.#track(step.track), step.do === 'mute');
      case 'silence':
        return this.#track(step.track).silence(step.ms);
      case 'discontinue':
        return this.#track(step.track).discontinue(step.ms);
      case 'leap':
        return this.#track(step.track).leapTimestamps(step.ms);
      case 'change-clips':
        return this.#track(step.track).changeClips(await Promise.all(step.clips.map(loadClip)));
      case 'leave':
        return this.leave();
      case 'record': {
        const wanted = this.#framesOf(step.track) + step.frames;
        return this.#until(`${wanted} frames of ${step.track}`, () => this.#framesOf(step.track) >= wanted);
      }
      case 'see-gap':
        return this.#until(`a gap "${step.reason}"`, () =>
          this.#recorder.recording.snapshot().gaps.some(({ reason }) => reason === step.reason),
        );
      case 'restart-recorder':
        this.#done.push(await this.#stopRecording());
        this.#recorder = await startRecorder(this.#stage, this.#room, this.identity);
    }
  }

  async finish(): Promise<RecordedParticipant[]> {
    return [...this.#done, await this.#stopRecording()];
  }

  /** Whatever happened. */
  async end(): Promise<void> {
    await this.leave();
    this.#recorder.recording.obey('stop');
    await this.#recorder.outcome;
  }

  async leave(): Promise<void> {
    const publisher = this.#publisher;
    this.#publisher = undefined;
    await publisher?.leave();
  }

  async #publish(tracks: readonly PlannedTrack[]): Promise<void> {
    const plans = await Promise.all(
      tracks.map(async ({ clips: [first, ...more], ...plan }) => {
        const clips = await Promise.all([loadClip(first), ...more.map(loadClip)]);
        return { ...plan, clips: [await loadClip(first), ...clips.slice(1)] as const };
      }),
    );
    this.#publisher ??= await this.#joinPublisher();
    for (const track of await this.#publisher.publish(...plans)) {
      this.#published.set(track.source, [...(this.#published.get(track.source) ?? []), track]);
    }
  }

  async #joinPublisher(): Promise<ScriptedPublisher> {
    const { livekit } = this.#stage;
    const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity: this.identity, ttl: 600 });
    token.addGrant({ roomJoin: true, room: this.#room, canPublish: true, canSubscribe: false });
    let count = 0;
    const loses = this.#loses;
    return ScriptedPublisher.join({
      url: livekit.url,
      token: await token.toJwt(),
      loses: loses
        ? () => {
            count += 1;
            return loses(count);
          }
        : undefined,
    });
  }

  #setMuted(track: PublishedTrack, muted: boolean): void {
    track.setMuted(muted);
    if (muted) this.#mutes.set(track, [...(this.#mutes.get(track) ?? []), track.sent.length]);
  }

  readonly #stretchesOf = (track: PublishedTrack): SentFrame[][] => {
    const cuts = this.#mutes.get(track) ?? [];
    return [...cuts, track.sent.length].map((end, index) => track.sent.slice(index === 0 ? 0 : cuts[index - 1], end));
  };

  #track(source: TrackSource): PublishedTrack {
    const track = this.#published.get(source)?.at(-1);
    if (!track) throw new Error(`Nobody published ${source}.`);
    return track;
  }

  #framesOf(source: TrackSource): number {
    const tracks = this.#recorder.recording.snapshot().tracks.filter((track) => track.source === source);
    return tracks.reduce((sum, { frames }) => sum + frames, 0);
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    const untilMs = performance.now() + PATIENCE_MS;
    while (!holds()) {
      const { state, tracks, gaps, outcome } = this.#recorder.recording.snapshot();
      if (outcome || performance.now() > untilMs) {
        throw new Error(`There never were ${what}: ${JSON.stringify({ state, outcome, tracks, gaps })}`);
      }
      await delay(20);
    }
  }

  async #stopRecording(): Promise<RecordedParticipant> {
    const sent = new Map([...this.#published].map(([source, list]) => [source, list.flatMap(this.#stretchesOf)]));
    return { identity: this.identity, ...(await stopRecorder(this.#recorder)), sent };
  }
}

export type Recorder = Awaited<ReturnType<typeof startRecorder>>;

export async function stopRecorder({ recording, outcome: ended, storeFolder }: Recorder) {
  recording.obey('stop');
  const outcome = await ended;
  const { tracks, gaps } = recording.snapshot();
  const media = outcome.kind === 'finished' ? outcome.media : [];
  return { outcome, tracks, gaps, files: media.map((file) => ({ ...file, path: join(storeFolder, file.key) })) };
}

/** As a worker does it. Resolves when it is in the room. */
export async function startRecorder({ livekit, folder }: Stage, room: string, identity: string) {
  const recordingId = randomUUID();
  const attemptId = randomUUID();
  const log = pino({ level: 'silent' });
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity: `recorder-${attemptId}`, ttl: 600 });
  token.addGrant({ roomJoin: true, room, canPublish: false, canSubscribe: true, hidden: true, recorder: true });
  const source = new LiveKitParticipant({
    url: livekit.url,
    token: await token.toJwt(),
    identity,
    sources: SOURCES,
    clock: systemClock,
    log,
  });
  const storeFolder = join(folder, `store-${recordingId}`);
  const recording = new Recording({
    task: {
      recordingId,
      attemptId,
      epoch: 1,
      objectPrefix: `recordings/${recordingId}/${attemptId}/`,
      segmentMs: SEGMENT_MS,
      absentAfterMs: 120_000,
      reconnectWindowMs: 0,
    },
    source,
    store: await FolderStore.open(storeFolder),
    spoolDir: join(folder, `spool-${recordingId}`),
    clock: systemClock,
    log,
    onChange: () => undefined,
  });
  const outcome = recording.run();
  const untilMs = performance.now() + PATIENCE_MS;
  while (recording.snapshot().state === 'starting') {
    if (performance.now() > untilMs) throw new Error('The recorder did not join.');
    await delay(20);
  }
  return { recording, outcome, storeFolder };
}
