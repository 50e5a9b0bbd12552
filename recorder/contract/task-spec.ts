/**
 * What a recorder task is told. It holds a join token for one room and a report token for one attempt, never the
 * LiveKit API secret and never the address of the database.
 */
import { z } from 'zod';
import { trackSourceSchema } from './media.ts';

export const taskSpecSchema = z.strictObject({
  recordingId: z.uuid(),
  attemptId: z.uuid(),
  /** Grows with every attempt of a recording; a write that shows an older one is refused. */
  epoch: z.int().positive(),
  livekit: z.strictObject({
    /** ws:// or wss:// */
    url: z.url({ protocol: /^wss?$/ }),
    /** Hidden, recorder, subscribe only, one room, an identity of its own. */
    token: z.string().min(1),
  }),
  room: z.string().min(1),
  identity: z.string().min(1),
  tracks: z.array(trackSourceSchema).min(1),
  /** Ends with "/"; segments and the finished file go below it. Made of ids only. */
  objectPrefix: z.string().regex(/^[a-z0-9/-]+\/$/),
  segmentMs: z.int().min(200).max(60_000),
  /** How long to wait for the participant's first media before the recording is `absent`. */
  absentAfterMs: z.int().positive(),
  /** How long the participant may be away and still be recorded into the same recording. */
  reconnectWindowMs: z.int().min(0).max(300_000),
  /** Stop by itself after this much media; unset: no limit. */
  maxDurationMs: z.int().positive().optional(),
  /** Bearer of this attempt's reports. */
  reportToken: z.string().min(1),
});
export type TaskSpec = z.infer<typeof taskSpecSchema>;
