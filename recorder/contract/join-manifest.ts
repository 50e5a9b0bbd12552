/** What a finalise task joins: written by the control plane below the recording's prefix, read by whoever has the task. */
import { z } from 'zod';
import { storedSegmentSchema } from './media.ts';

export const joinManifestSchema = z.object({
  recordingId: z.uuid(),
  /** In the order in which they recorded. */
  attempts: z.array(
    z.object({
      attemptId: z.uuid(),
      /** Where the attempt's presentation time 0 lies on the recording's clock. */
      offsetMicros: z.int().nonnegative(),
      segments: z.array(storedSegmentSchema),
    }),
  ),
});
export type JoinManifest = z.infer<typeof joinManifestSchema>;
