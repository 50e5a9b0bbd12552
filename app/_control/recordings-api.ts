/** What the list of recordings is asked for, and what is done with several at once. */
import { z } from 'zod';
import { recordingSorts } from '../../db/queries/recording-sorts.ts';
import { recordingStates } from '../../db/recording-states.ts';
import { idSchema, nameSchema } from './api.ts';

const time = z.iso.datetime({ offset: true });

export const listRecordingsQuerySchema = z.strictObject({
  status: z
    .string()
    .transform((value) => value.split(','))
    .pipe(z.array(z.enum(recordingStates)))
    .optional()
    .describe('One or several, with commas between them.'),
  room: nameSchema.optional(),
  identity: nameSchema.optional(),
  origin: z.enum(['user', 'api', 'rule']).optional(),
  ruleId: idSchema.optional(),
  from: time.optional().describe('Requested at this time or later.'),
  to: time.optional().describe('Requested before this time.'),
  q: z
    .string()
    .max(200)
    .optional()
    .describe(
      'Part of the room or identity, without regard to case. One or two characters: how a name, or a word in it, begins.',
    ),
  sort: z
    .enum(recordingSorts)
    .default('newest')
    .describe(
      'room: from A to Z, the newest of a room first. Those that still grow may move between pages of longest and largest.',
    ),
  cursor: z.string().max(1000).optional().describe('`nextCursor` of the page before, asked for with the same sort.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A browser's address bar, and a person's patience, take no more. */
export const ARCHIVED_AT_ONCE = 100;
export const DELETED_AT_ONCE = 200;

export const archiveQuerySchema = z.strictObject({
  ids: z
    .string()
    .transform((value) => [...new Set(value.split(','))])
    .pipe(
      z.array(idSchema).min(1).max(ARCHIVED_AT_ONCE, `must be at most ${ARCHIVED_AT_ONCE}: ask for several archives`),
    )
    .describe('With commas between them.'),
});

export const deleteRecordingsRequestSchema = z.strictObject({
  ids: z.array(idSchema).min(1).max(DELETED_AT_ONCE, `must be at most ${DELETED_AT_ONCE}: ask several times`),
});

export const deletedRecordingSchema = z.object({
  id: idSchema,
  outcome: z.enum(['deleted', 'not-found', 'not-over']),
  /** Why it was not deleted. */
  detail: z.string().nullable(),
});
export type DeletedRecording = z.infer<typeof deletedRecordingSchema>;
