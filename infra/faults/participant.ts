/** Somebody in a room who publishes pictures and sound, and keeps a list of all that was sent, on one clock. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { hardAudio, hardVideo } from '../publisher/clip/clip-plan.ts';
import { loadClip } from '../publisher/clip/load-clip.ts';
import type { PublishedTrack, SentFrame } from '../publisher/published-track.ts';
import { ScriptedPublisher } from '../publisher/scripted-publisher.ts';

export interface ParticipantOptions {
  url: string;
  /** A fresh one for every join. */
  token: () => Promise<string>;
  /** Sound costs a fraction of a picture. Default: both. */
  publishes?: 'both' | 'sound';
}

/** Small, and still what it says: 83 kB of both a second. */
const camera = hardVideo('vp8', { width: 640, height: 360, bitrateBps: 600_000 });
const microphone = hardAudio();

/** Encoded once, before anything is measured. */
export async function loadParticipantClips(): Promise<void> {
  await Promise.all([loadClip(camera), loadClip(microphone)]);
}

export class Participant {
  readonly #options: ParticipantOptions;
  /** Of every time it published. */
  readonly #published: { kind: 'video' | 'audio'; track: PublishedTrack; zeroMs: number }[] = [];
  #publisher: ScriptedPublisher | undefined;

  constructor(options: ParticipantOptions) {
    this.#options = options;
  }

  async join(): Promise<void> {
    this.#publisher = await ScriptedPublisher.join({ url: this.#options.url, token: await this.#options.token() });
  }

  /** Camera and microphone. */
  async publish(): Promise<void> {
    const publisher = this.#publisher;
    if (!publisher) throw new Error('Join first.');
    const zeroMs = performance.now() - publisher.clock.micros() / 1000;
    const [video, audio] = await Promise.all([loadClip(camera), loadClip(microphone)]);
    const sound = { source: 'microphone', clips: [audio] } as const;
    const picture = { source: 'camera', clips: [video] } as const;
    const plans = this.#options.publishes === 'sound' ? [sound] : [picture, sound];
    for (const track of await publisher.publish(...plans)) {
      this.#published.push({ kind: track.source === 'camera' ? 'video' : 'audio', track, zeroMs });
    }
  }

  /** The picture becomes noise that no decoder understands; it is sent as any other. */
  async sendGarbage(): Promise<void> {
    const video = await loadClip(camera);
    const frames = video.frames.map(({ units, isKeyframe, temporalLayer }) => ({
      units: units.map((unit) => randomBytes(unit.length)),
      isKeyframe,
      temporalLayer,
    }));
    for (const { kind, track } of this.#published) if (kind === 'video') track.changeClips([{ ...video, frames }]);
  }

  async joinAndPublish(): Promise<void> {
    await this.join();
    await this.publish();
  }

  async leave(): Promise<void> {
    const publisher = this.#publisher;
    this.#publisher = undefined;
    // A server that is gone hears no goodbye.
    await Promise.race([publisher?.leave().catch(() => undefined), delay(2000)]);
  }

  /** Everything that was sent, in order; times are of `performance.now()`. */
  sent(kind: 'video' | 'audio'): { frame: SentFrame; atMs: number }[] {
    return this.#published
      .filter((each) => each.kind === kind)
      .flatMap(({ track, zeroMs }) => track.sent.map((frame) => ({ frame, atMs: zeroMs + frame.atMicros / 1000 })));
  }
}
