/**
 * The one conversation between recorder and control plane: `POST /api/recorder/reports`.
 *
 * A worker posts a batch about once a second, and at once when a state changes. The reply carries each attempt's
 * lease and command. A pool worker also keeps one request open (`claim.waitMs`) that is answered as soon as there
 * is a task for it or a command for one of its attempts.
 *
 * Authorization: `Bearer <worker token>` (pool) or `Bearer <report token>` (a single task); each report carries
 * the report token of its attempt. Reports are idempotent: anything not acknowledged is sent again.
 */
import { z } from 'zod';
import {
  codecSchema,
  finishedMediaSchema,
  gapSchema,
  storedSegmentSchema,
  trackSourceSchema,
  trackSummarySchema,
} from './media.ts';
import { previewReportSchema, previewTaskSchema } from './previews.ts';
import { taskSpecSchema } from './task-spec.ts';

export const attemptStateSchema = z.enum(['starting', 'waiting', 'recording', 'paused', 'finalising', 'ended']);
export type AttemptState = z.infer<typeof attemptStateSchema>;

/** One track that is published now. Rates are over the last second, counts since this attempt began. */
export const liveTrackStatsSchema = z.object({
  source: trackSourceSchema,
  codec: codecSchema,
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  bitrateBps: z.int().nonnegative(),
  framesPerSecond: z.number().nonnegative(),
  frames: z.int().nonnegative(),
  packetsReceived: z.int().nonnegative(),
  packetsRepaired: z.int().nonnegative(),
  packetsLost: z.int().nonnegative(),
  framesDropped: z.int().nonnegative(),
  jitterMs: z.number().nonnegative().optional(),
});
export type LiveTrackStats = z.infer<typeof liveTrackStatsSchema>;

/** Live figures, transient: the newest one wins. */
export const liveStatsSchema = z.object({
  durationMs: z.int().nonnegative(),
  sizeBytes: z.int().nonnegative(),
  /** Over the last second. */
  bitrateBps: z.int().nonnegative(),
  framesPerSecond: z.number().nonnegative(),
  packetsLost: z.int().nonnegative(),
  packetsRepaired: z.int().nonnegative(),
  /** Pauses that were cut out: the recording is that much shorter than the time since it began. */
  cutMs: z.int().nonnegative().optional(),
  /** At most one per source: what is published now. */
  tracks: z.array(liveTrackStatsSchema).max(8).optional(),
  roundTripMs: z.number().nonnegative().optional(),
  jitterMs: z.number().nonnegative().optional(),
  /** Segments closed but not yet in the store. */
  segmentsPending: z.int().nonnegative(),
  /** Set while uploads fail: a sentence, and since when. */
  uploadTrouble: z.object({ message: z.string(), sinceUnixMs: z.int() }).optional(),
  /** A sentence, when the recorder's disk is filling up: the recording will end when it is full. */
  spoolWarning: z.string().optional(),
});
export type LiveStats = z.infer<typeof liveStatsSchema>;
/** Of who records nothing (yet, or any more). */
export const noLiveStats: LiveStats = {
  durationMs: 0,
  sizeBytes: 0,
  bitrateBps: 0,
  framesPerSecond: 0,
  packetsLost: 0,
  packetsRepaired: 0,
  segmentsPending: 0,
};

/** Whose fault a failure is decides who is told to act. */
export const faultSchema = z.enum(['publisher', 'destination', 'livekit', 'system']);
export type Fault = z.infer<typeof faultSchema>;

export const stopReasonSchema = z.enum([
  'requested',
  'participant-left',
  'room-ended',
  'max-duration',
  'shutdown',
  'abandoned',
]);
export type StopReason = z.infer<typeof stopReasonSchema>;

export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('finished'), stopReason: stopReasonSchema, media: z.array(finishedMediaSchema).min(1) }),
  /** The participant never came or never published. */
  z.object({ kind: z.literal('absent'), message: z.string() }),
  z.object({
    kind: z.literal('failed'),
    /** A stable word, dotted: `livekit.refused`, `spool.full`. */
    reason: z.string(),
    /** A sentence for a person. */
    message: z.string(),
    fault: faultSchema,
    retryable: z.boolean(),
  }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

/** `failed` outcomes that mean the same to every control plane. */
export const failureReasons = {
  /** The process died; whoever found its spool says so. What it captured is still being stored while segments are pending. */
  killed: 'recorder.killed',
  /** The worker is going; another one may go on. */
  shutdown: 'worker.shutdown',
  /** The disk of the worker's spool is full: somebody has to make room. */
  spoolFull: 'spool.full',
} as const;

export const reportSchema = z.object({
  attemptId: z.uuid(),
  epoch: z.int().positive(),
  reportToken: z.string(),
  state: attemptStateSchema,
  /** Wall clock of presentation time 0; set once the first frame is stored. */
  startedAtUnixMs: z.int().optional(),
  /** How long ago presentation time 0 was, when this was sent, on the recorder's monotonic clock; absent before the first frame. */
  captureAgeMs: z.int().nonnegative().optional(),
  /** The publisher's NTP clock at presentation time 0, Unix microseconds; absent while it is not known. */
  publisherZeroMicros: z.int().optional(),
  /** LiveKit's sid of the participant whose clock `publisherZeroMicros` is of. */
  participantSid: z.string().max(200).optional(),
  /** Wall clock of the end of media; set from `finalising` on. */
  stoppedAtUnixMs: z.int().optional(),
  stats: liveStatsSchema,
  tracks: z.array(trackSummarySchema).max(64),
  gaps: z.array(gapSchema).max(10_000),
  /** In the store, and not acknowledged before; at most 1000, the rest comes with the next report. */
  segments: z.array(storedSegmentSchema).max(1000),
  /**
   * Set when `state` is `ended`. A `failed` one is told at once, and reports go on until `segmentsPending` is 0: they bring the
   * segments that were not yet stored.
   */
  outcome: outcomeSchema.optional(),
});
export type Report = z.infer<typeof reportSchema>;

export const reportBatchSchema = z.object({
  /** Pool workers only. */
  claim: z
    .object({
      workerId: z.uuid(),
      /** Tasks it would take now. */
      freeSlots: z.int().nonnegative(),
      /** What it runs (product-version.ts). */
      version: z.string().max(100).optional(),
      /** Attempts it holds: commands for these end the wait. With the command it already obeys. */
      holds: z.array(z.object({ attemptId: z.uuid(), obeys: z.string() })).max(1000),
      /** How long the answer may wait for something to say. 0: answer at once. */
      waitMs: z.int().min(0).max(25_000),
      /** It is about to end, takes nothing more, and asks how many recordings others would take over. */
      isDraining: z.boolean().optional(),
    })
    .optional(),
  reports: z.array(reportSchema).max(500),
  /** Pool workers only. */
  previews: z
    .object({
      /** It would make one now: it has ffmpeg, makes none, and is not at its limit. */
      isFree: z.boolean(),
      done: z.array(previewReportSchema).max(10),
    })
    .optional(),
});
export type ReportBatch = z.infer<typeof reportBatchSchema>;

/**
 * What an attempt shall do. The last two are for good:
 * `abandon`: another attempt owns the recording now. Stop capturing, store what was captured, report its segments, finish nothing.
 * `discard`: the recording was deleted, or is final. Stop, and store nothing more.
 */
export const commandSchema = z.enum(['continue', 'stop', 'pause', 'resume', 'resume-cut', 'abandon', 'discard']);
export type Command = z.infer<typeof commandSchema>;

export const reportReplySchema = z.object({
  /** One per report and one per held attempt, in no order. */
  attempts: z.array(
    z.object({
      attemptId: z.uuid(),
      command: commandSchema,
      /** The lease runs out this long after the reply was made. */
      leaseMs: z.int().nonnegative(),
      /** True when this request carried a report and it was stored. */
      accepted: z.boolean(),
    }),
  ),
  tasks: z.array(taskSpecSchema),
  /** To a worker that is free for it, when there is nothing else to take. */
  preview: previewTaskSchema.optional(),
  /** To a worker that drains: recordings that other workers would take now. Absent: unknown, none. */
  freeSlotsElsewhere: z.int().nonnegative().optional(),
});
export type ReportReply = z.infer<typeof reportReplySchema>;
