/**
 * A row of the matrix: what participants do, as data. Nothing in it is a moment: a step that waits does so for what is
 * recorded, so that the outcome is the same on a slow machine.
 */
import type { GapReason, TrackSource } from '../../recorder/contract/media.ts';
import type { ClipPlan } from '../publisher/clip/clip-plan.ts';
import type { TrackPlan } from '../publisher/scripted-publisher.ts';

export interface PlannedTrack extends Omit<TrackPlan, 'clips'> {
  /** One; or two or three of the same picture for simulcast, lowest first. */
  clips: readonly [ClipPlan, ...ClipPlan[]];
}

export type Step = {
  /** Which participant; default: the first. */
  by?: string;
} & (
  | { do: 'publish'; tracks: readonly PlannedTrack[] }
  | { do: 'unpublish' | 'mute' | 'unmute'; track: TrackSource }
  /** Nothing is sent for a while; `discontinue`: but what Opus sends while nobody speaks. */
  | { do: 'silence' | 'discontinue'; track: TrackSource; ms: number }
  /** Timestamps go further by this without a pause. */
  | { do: 'leap'; track: TrackSource; ms: number }
  | { do: 'change-clips'; track: TrackSource; clips: readonly ClipPlan[] }
  | { do: 'leave' }
  /** Until so many more frames of the track are recorded. */
  | { do: 'record'; track: TrackSource; frames: number }
  /** Until a gap is listed. */
  | { do: 'see-gap'; reason: GapReason }
  /** The recording ends, and another one of the participant begins. */
  | { do: 'restart-recorder' }
);

export interface MatrixCase {
  name: string;
  steps: readonly Step[];
  /** Default: one, `alice`. */
  participants?: readonly string[];
  /** Which packets of the publisher are lost on the way to the server, by their count. */
  loses?: (count: number) => boolean;
  /** What is listed as gaps, as "video muted", in any order; default: nothing. `any`: it is at the border. */
  gaps?: readonly string[] | 'any';
  /** Content types of the finished files; default: not said. */
  files?: readonly string[];
  /** Sizes of the pictures of each file in the order in which they appear; default: not said. */
  sizes?: readonly string[];
  /** Pictures come from lower layers first. */
  isSimulcast?: boolean;
  /** Picture against sound is measured in the last seconds: needs clips with flashes and beeps, and ten seconds. */
  measuresSync?: boolean;
}
