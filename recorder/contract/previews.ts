/**
 * Pictures of a finished recording for lists and players: a poster, and a storyboard (small pictures at equal distances,
 * side by side in one). They are no attempt of the recording: without them it is as whole as with them.
 *
 * A pool worker that could make one says so (`ReportBatch.previews`), is given a task when there is nothing more urgent, and tells
 * its outcome the same way. A task is one's own for `limitMs` from when it was handed out; afterwards, or when the worker died, it is given to
 * the next. Both write the same keys, so whoever is last wins and nothing is left over.
 */
import { z } from 'zod';
import { mediumSchema } from './media.ts';

/** Small pictures in a storyboard at most: one image that every browser shows, and 100 seeks at most. */
export const MOST_TILES = 100;

export const previewTaskSchema = z.strictObject({
  recordingId: z.uuid(),
  /** Counts from 1. What is told of an earlier one is not heeded. */
  turn: z.int().positive(),
  /** Ends with "/"; `posterName` and `storyboardName` go below it. */
  objectPrefix: z.string().regex(/^[a-z0-9/-]+\/$/),
  /** Made of this medium, whose finished files with a picture these are, in order of time. */
  medium: mediumSchema,
  parts: z
    .array(
      z.object({
        key: z.string().min(1).max(512),
        contentType: z.string(),
        sizeBytes: z.int().positive(),
        /** On the recording's clock. */
        startMs: z.int().nonnegative(),
        durationMs: z.int().nonnegative(),
      }),
    )
    .min(1),
  /** Of the recording. */
  durationMs: z.int().nonnegative(),
  /** Of its pictures, as far as it is known. */
  size: z.object({ width: z.int().positive(), height: z.int().positive() }).optional(),
  /** It has to be told within this. */
  limitMs: z.int().positive(),
});
export type PreviewTask = z.infer<typeof previewTaskSchema>;

export const posterName = 'poster.jpg';
export const storyboardName = 'storyboard.jpg';

const pixels = z.int().min(2).max(10_000);

export const posterSchema = z.object({ width: pixels, height: pixels, sizeBytes: z.int().positive() });
export type Poster = z.infer<typeof posterSchema>;

/** Tile n stands for the time from n · `intervalMs` on; it is in row n / `columns`. */
export const storyboardSchema = z.object({
  columns: z.int().min(1).max(MOST_TILES),
  tiles: z.int().min(1).max(MOST_TILES),
  tileWidth: pixels,
  tileHeight: pixels,
  intervalMs: z.int().positive(),
  sizeBytes: z.int().positive(),
});
export type Storyboard = z.infer<typeof storyboardSchema>;

export const previewOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('made'), poster: posterSchema, storyboard: storyboardSchema }),
  z.object({
    kind: z.literal('failed'),
    message: z.string().max(1000),
    /** The store could not be used, which says nothing of the file: it was no try, and the next one may wait. */
    isStoreAway: z.boolean().optional(),
  }),
  /** The worker ends, or must record. It was no try. */
  z.object({ kind: z.literal('given-back') }),
]);
export type PreviewOutcome = z.infer<typeof previewOutcomeSchema>;

export const previewReportSchema = z.object({
  recordingId: z.uuid(),
  turn: z.int().positive(),
  outcome: previewOutcomeSchema,
});
export type PreviewReport = z.infer<typeof previewReportSchema>;
