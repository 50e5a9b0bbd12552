/** How this installation is set, and whether what it stands on works. See api.ts. */
import { z } from 'zod';
import { idSchema } from './api.ts';

/** What a check did, step by step; after a step that failed those that need it are left out. */
export const checkSchema = z.object({
  ok: z.boolean(),
  steps: z.array(
    z.object({
      name: z.string(),
      /** `unsure`: nothing is known to be wrong, and somebody should look. */
      state: z.enum(['works', 'fails', 'unsure']),
      /** A sentence: what works, or what is wrong and what to do about it. */
      detail: z.string(),
      durationMs: z.int().nullable(),
    }),
  ),
});
export type Check = z.output<typeof checkSchema>;

export const workerSchema = z.object({
  id: idSchema,
  seenAt: z.iso.datetime(),
  recordings: z.int(),
  freeSlots: z.int(),
  /** Of package.json, and the commit; null: it does not say. */
  version: z.string().nullable(),
});
export type Worker = z.output<typeof workerSchema>;

const retainDaysSchema = z
  .int()
  .min(1, 'must be at least 1 day')
  .max(36_500, 'must be at most 36500 days')
  .nullable()
  .describe('How long recordings are kept whose rule says nothing; null: until somebody deletes them.');

export const retentionSchema = z.object({
  retainDays: retainDaysSchema,
  /** `environment`: nobody has set it by hand. */
  setBy: z.enum(['environment', 'hand']),
  /** RETAIN_DAYS, which counts when nobody has set it by hand. */
  environmentDays: z.int().nullable(),
});
export type Retention = z.output<typeof retentionSchema>;

export const updateRetentionRequestSchema = z.strictObject({ retainDays: retainDaysSchema });
