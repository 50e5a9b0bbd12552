/**
 * A plan of what a participant does, as data: a test writes it down once, has it carried out, and compares what was recorded
 * with it. Tracks have names of the script's own.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clip } from './clip/clip.ts';
import type { PublishedTrack } from './published-track.ts';
import type { ScriptedPublisher, TrackPlan } from './scripted-publisher.ts';

export type ScriptStep = { atMs: number } & (
  | { do: 'publish'; tracks: Readonly<Record<string, TrackPlan>> }
  | { do: 'unpublish' | 'mute' | 'unmute'; track: string }
  /** Nothing is sent for a while; `discontinue`: but what Opus sends while nobody speaks. */
  | { do: 'silence' | 'discontinue'; track: string; ms: number }
  /** Timestamps go further by this without a pause. */
  | { do: 'leap'; track: string; ms: number }
  | { do: 'change-clips'; track: string; clips: readonly Clip[] }
  | { do: 'leave' }
);

export interface PlayedScript {
  /** By name; a name that was published again has its newest track. */
  tracks: ReadonlyMap<string, PublishedTrack>;
  /** By the publisher's clock: what the times of the steps count from. */
  startMicros: number;
  /** When each step was begun, by the publisher's clock. */
  stepMicros: readonly number[];
}

/** Resolves after the last step. Steps in the order of their times; one that takes longer delays those after it. */
export async function playScript(publisher: ScriptedPublisher, steps: readonly ScriptStep[]): Promise<PlayedScript> {
  const tracks = new Map<string, PublishedTrack>();
  const stepMicros: number[] = [];
  const startMicros = publisher.clock.micros();
  for (const step of steps) {
    const leftMs = () => step.atMs - (publisher.clock.micros() - startMicros) / 1000;
    // A timer may fire a little early.
    while (leftMs() > 0) await delay(Math.ceil(leftMs()));
    stepMicros.push(publisher.clock.micros());
    await carryOut(step, publisher, tracks);
  }
  return { tracks, startMicros, stepMicros };
}

async function carryOut(
  step: ScriptStep,
  publisher: ScriptedPublisher,
  tracks: Map<string, PublishedTrack>,
): Promise<void> {
  if (step.do === 'leave') return publisher.leave();
  if (step.do === 'publish') {
    const names = Object.keys(step.tracks);
    const published = await publisher.publish(...Object.values(step.tracks));
    names.forEach((name, index) => {
      const track = published[index];
      if (track) tracks.set(name, track);
    });
    return;
  }
  const track = tracks.get(step.track);
  if (!track) throw new Error(`The script speaks of a track "${step.track}" that is not published.`);
  switch (step.do) {
    case 'unpublish':
      return publisher.unpublish(track);
    case 'mute':
    case 'unmute':
      return track.setMuted(step.do === 'mute');
    case 'silence':
      return track.silence(step.ms);
    case 'discontinue':
      return track.discontinue(step.ms);
    case 'leap':
      return track.leapTimestamps(step.ms);
    case 'change-clips':
      return track.changeClips(step.clips);
  }
}
