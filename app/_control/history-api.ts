/** Of `GET /api/v1/recordings/{id}/history`: how a recording went. Imported by pages too. */
import { z } from 'zod';
import { recordingStates } from '../../db/recording-states.ts';
import { actionSchema } from './actions-api.ts';
import { idSchema } from './api.ts';

const isoTime = z.iso.datetime();

export const historySchema = z.object({
  /** Rates since the point before, all tracks together, on the recording's clock; at most 300. */
  samples: z.array(
    z.object({
      atMs: z.int(),
      bitrateBps: z.int(),
      framesPerSecond: z.number(),
      /** Of all packets, in percent. */
      lostPercent: z.number(),
      repairedPercent: z.number(),
      roundTripMs: z.number().nullable(),
      jitterMs: z.number().nullable(),
    }),
  ),
  /** Oldest first: who recorded or joined it, and how that ended. */
  attempts: z.array(
    z.object({
      id: idSchema,
      kind: z.enum(['record', 'finalise']),
      state: z.string(),
      queuedAt: isoTime,
      claimedAt: isoTime.nullable(),
      endedAt: isoTime.nullable(),
      /** Where its first frame lies on the recording's clock. Null: it recorded nothing. */
      startMs: z.int().nullable(),
      outcome: z.enum(['finished', 'absent', 'failed']).nullable(),
      /** Of one that failed or found nobody: why. */
      message: z.string().nullable(),
    }),
  ),
  /** When it took which state, for as long as events are kept (7 days). */
  events: z.array(z.object({ at: isoTime, status: z.enum(recordingStates) })),
  /** What people and programs did to it, oldest first: kept for a year. */
  actions: z.array(actionSchema),
  /** Poster and storyboard; null when there are none to be made. */
  previews: z.object({ state: z.enum(['waiting', 'ready', 'failed']), message: z.string().nullable() }).nullable(),
});
export type History = z.infer<typeof historySchema>;
