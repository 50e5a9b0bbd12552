/**
 * What a recorder task is told. It holds a report token for one attempt, and to record a join token for one room: never
 * the LiveKit API secret and never the address of the database.
 *
 * Both kinds are attempts of a recording: with an epoch, a lease, reports and an object prefix of their own.
 */
import { z } from 'zod';
import { trackSourceSchema, undecodableSchema } from './media.ts';

const attempt = {
  recordingId: z.uuid(),
  attemptId: z.uuid(),
  /** Grows with every attempt of a recording; a write that shows an older one is refused. */
  epoch: z.int().positive(),
  /** Ends with "/"; what the attempt stores goes below it. Made of ids only. */
  objectPrefix: z.string().regex(/^[a-z0-9/-]+\/$/),
  /** Bearer of this attempt's reports. */
  reportToken: z.string().min(1),
};

/** Record a participant. */
export const recordTaskSchema = z.strictObject({
  kind: z.literal('record'),
  ...attempt,
  livekit: z.strictObject({
    /** ws:// or wss:// */
    url: z.url({ protocol: /^wss?$/ }),
    /** Hidden, recorder, subscribe only, one room, an identity of its own. */
    token: z.string().min(1),
  }),
  room: z.string().min(1),
  identity: z.string().min(1),
  tracks: z.array(trackSourceSchema).min(1),
  segmentMs: z.int().min(200).max(60_000),
  /** How long to wait for the participant's first media before the recording is `absent`. */
  absentAfterMs: z.int().positive(),
  /** How long the participant may be away and still be recorded into the same recording. */
  reconnectWindowMs: z.int().min(0).max(300_000),
  /** Stop by itself after this much media; unset: no limit. */
  maxDurationMs: z.int().positive().optional(),
  /** What becomes of video between a loss that could not be repaired and the next keyframe; unset: keep. */
  undecodable: undecodableSchema.optional(),
});
export type RecordTask = z.infer<typeof recordTaskSchema>;

/** Join what earlier attempts of a recording stored into finished files. */
export const finaliseTaskSchema = z.strictObject({
  kind: z.literal('finalise'),
  ...attempt,
  /** Of an object in the store: a JoinManifest as JSON. */
  manifestKey: z.string().min(1).max(512),
});
export type FinaliseTask = z.infer<typeof finaliseTaskSchema>;

export const taskSpecSchema = z.discriminatedUnion('kind', [recordTaskSchema, finaliseTaskSchema]);
export type TaskSpec = z.infer<typeof taskSpecSchema>;
