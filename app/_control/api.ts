/**
 * The public HTTP contract: what enters and leaves `/api/v1`. The same schemas validate requests and describe them.
 * Requests are strict (an unknown field is an error that names it). Times are ISO 8601 in UTC; durations are
 * milliseconds, as their names say. This file is imported by pages too: nothing here may need a server.
 */
import { z } from 'zod';
import { recordingStates } from '../../db/recording-states.ts';
import {
  codecSchema,
  containerSchema,
  mediumSchema,
  trackFiguresSchema,
  trackSourceSchema,
  undecodableSchema,
} from '../../recorder/contract/media.ts';
import { liveStatsSchema, stopReasonSchema } from '../../recorder/contract/report.ts';
import { embedSiteSchema } from './embed-site.ts';
import { upkeepSchema } from './upkeep-api.ts';

/** Rooms and identities are anyone's text: shown escaped, never part of a path or key. */
export const nameSchema = z.string().min(1, 'must not be empty').max(4096, 'must be at most 4096 characters');

export const idSchema = z.uuid();
const isoTime = z.iso.datetime();

/** With counts and measurements, over all recorders that worked on it, live and afterwards. */
export const recordingTrackSchema = trackFiguresSchema.extend({
  medium: mediumSchema,
  source: trackSourceSchema,
  kind: z.enum(['video', 'audio']),
  codec: codecSchema,
  /** Pixels of the newest frame; video only. */
  width: z.int().optional(),
  height: z.int().optional(),
  /** Averages over `mediaMs`; what they are now is in `Recording.stats.tracks`. */
  bitrateBps: z.int(),
  framesPerSecond: z.number(),
  /** Every size it had, and from when on. */
  resolutions: z.array(z.object({ fromMs: z.int(), width: z.int(), height: z.int() })),
});
export type RecordingTrack = z.infer<typeof recordingTrackSchema>;

export const recordingGapSchema = z.object({
  medium: mediumSchema,
  kind: z.enum(['video', 'audio']),
  fromMs: z.int(),
  toMs: z.int(),
  reason: z.string(),
  /** A pause that the recording leaves out: how long it was. */
  cutMs: z.int().optional(),
});

export const recordingErrorSchema = z.object({ reason: z.string(), message: z.string() });

export const recordingSchema = z.object({
  id: idSchema,
  room: z.string(),
  identity: z.string(),
  status: z.enum(recordingStates),
  /** What started it. */
  origin: z.enum(['user', 'api', 'rule']),
  ruleId: idSchema.nullable(),
  requestedAt: isoTime,
  startedAt: isoTime.nullable(),
  stoppedAt: isoTime.nullable(),
  stopReason: stopReasonSchema.nullable(),
  durationMs: z.int(),
  sizeBytes: z.int(),
  tracks: z.array(recordingTrackSchema),
  /** All tracks together: sums, the largest maximum, averages by frames. Null before the first frame. */
  totals: trackFiguresSchema.omit({ mediaMs: true }).nullable(),
  gaps: z.array(recordingGapSchema),
  /** Newest live figures; null before the first and after the end. */
  stats: liveStatsSchema.nullable(),
  /** Of a failed one why; of a ready one why it is shorter than it was meant to be. */
  error: recordingErrorSchema.nullable(),
  /** Why nothing happens at the moment. `before`: how many are taken by recorders before it. */
  waiting: z
    .object({ reason: z.enum(['recorder', 'retry', 'uploads']), before: z.int().optional(), message: z.string() })
    .nullable(),
  /**
   * What can be played now, finished or growing: one file per medium, in order of time. Where a container cannot hold
   * all of a medium, because its codec changed, further parts follow.
   */
  media: z.array(
    z.object({
      medium: mediumSchema,
      /** Counts from 1 within the medium. */
      part: z.int(),
      /** Where on the recording's clock it begins. */
      startMs: z.int(),
      /**
       * Where on the recording's clock time 0 of the file lies: at its start, but what still grows counts from the beginning of the attempt
       * that records it, so that its first frame may have any time.
       */
      zeroMs: z.int(),
      url: z.string(),
      contentType: z.string(),
      sizeBytes: z.int(),
      durationMs: z.int(),
      /** Hex SHA-256; null while it still grows. */
      sha256: z.string().nullable(),
      finished: z.boolean(),
    }),
  ),
  /** The one of `media` for who plays only one: the first finished, else the longest. Null when nothing can be played. */
  mediaUrl: z.string().nullable(),
  /** A picture of it (JPEG), and small pictures over time (WebVTT, for players). Null until they are made, a moment after it is ready. */
  posterUrl: z.string().nullable(),
  storyboardUrl: z.string().nullable(),
});
export type Recording = z.infer<typeof recordingSchema>;

const undecodableFieldSchema = undecodableSchema.describe(
  'What becomes of video after a packet was lost for good, until the next keyframe, when a decoder cannot show it rightly. ' +
    'keep: it is recorded. drop: it is left out, counted as "undecodable" and listed as a gap.',
);

export const startRecordingRequestSchema = z.strictObject({
  room: nameSchema,
  identity: nameSchema,
  /** Sources wanted; default: all four. */
  tracks: z.array(trackSourceSchema).min(1).optional(),
  maxDurationMs: z.int().min(1000).optional(),
  undecodable: undecodableFieldSchema.default('keep'),
});
export type StartRecordingRequest = z.input<typeof startRecordingRequestSchema>;

export const resumeRecordingRequestSchema = z.strictObject({
  cutTime: z
    .boolean()
    .default(false)
    .describe(
      'false: time goes on during a pause, so the recording has a hole as long as the pause was. true: the pause is left ' +
        'out, and the recording goes on where it stopped. Either way the pause is listed among the gaps.',
    ),
});
export type ResumeRecordingRequest = z.infer<typeof resumeRecordingRequestSchema>;

/**
 * Of `/media`. `part`, `attempt` and `through` come from `Recording.media[].url`; the last two pin what still grows. For a player
 * that follows it, `from` instead of `through` is a file that begins later, and `after` what is to be appended to one that ended with that
 * segment (204: nothing yet). The ETag ends with the number of the newest.
 */
export const mediaQuerySchema = z.strictObject({
  medium: mediumSchema.optional(),
  /** As a file to keep. */
  download: z.enum(['0', '1']).optional(),
  attempt: idSchema.optional(),
  part: z.coerce.number().int().min(1).max(1_000_000).optional(),
  through: z.coerce.number().int().min(1).max(100_000_000).optional(),
  from: z.coerce.number().int().min(1).max(100_000_000).optional(),
  after: z.coerce.number().int().min(1).max(100_000_000).optional(),
});

/** Of `/poster` and `/storyboard`. `v` comes from `Recording.posterUrl`: another picture has another address. */
export const previewQuerySchema = z.strictObject({ v: z.string().max(20).optional() });

/** Of `/storyboard.vtt`. For a file that begins later than the recording: its times are to count from `fromMs`. */
export const storyboardQuerySchema = previewQuerySchema.extend({
  fromMs: z.coerce.number().int().min(0).max(10_000_000_000).default(0),
});

/** Every list answers this shape; `nextCursor` is null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Of lists that need no more than this. */
export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(1000).optional().describe('`nextCursor` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type PageQuery = z.output<typeof pageQuerySchema>;

/** A room as part of a path, decoded. */
export const roomInPathSchema = nameSchema;

export const participantKinds = ['standard', 'ingress', 'egress', 'sip', 'agent', 'connector'] as const;

const reconnectWindowBounds = 'must be between 0 and 300 seconds, in milliseconds';

const ruleFields = {
  name: z.string().min(1, 'must not be empty').max(200, 'must be at most 200 characters'),
  enabled: z.boolean(),
  /** Globs: `*` any text, `?` one character; the rest is literal. */
  roomPattern: nameSchema,
  identityPattern: nameSchema,
  kinds: z.array(z.enum(participantKinds)).min(1, 'choose at least one'),
  /** Only participants whose metadata is a JSON object with these values. */
  metadata: z.record(z.string().max(200), z.union([z.string().max(1000), z.number(), z.boolean()])).nullable(),
  tracks: z.array(trackSourceSchema).min(1, 'choose at least one'),
  reconnectWindowMs: z.int().min(0, reconnectWindowBounds).max(300_000, reconnectWindowBounds),
  undecodable: undecodableFieldSchema,
  /** Unset: kept until deleted. */
  retainDays: z.int().min(1, 'must be at least 1 day').max(36_500, 'must be at most 36500 days').nullable(),
};

export const ruleSchema = z.object({ id: idSchema, ...ruleFields, createdAt: isoTime });
export type Rule = z.infer<typeof ruleSchema>;

export const createRuleRequestSchema = z.strictObject({
  ...ruleFields,
  enabled: ruleFields.enabled.default(true),
  kinds: ruleFields.kinds.default(['standard']),
  metadata: ruleFields.metadata.default(null),
  tracks: ruleFields.tracks.default(['camera', 'microphone', 'screen_share', 'screen_share_audio']),
  reconnectWindowMs: ruleFields.reconnectWindowMs.default(30_000),
  undecodable: ruleFields.undecodable.default('keep'),
  retainDays: ruleFields.retainDays.default(null),
});
export type CreateRuleRequest = z.input<typeof createRuleRequestSchema>;

export const updateRuleRequestSchema = z.strictObject(ruleFields).partial();
export type UpdateRuleRequest = z.infer<typeof updateRuleRequestSchema>;

export const createShareRequestSchema = z.strictObject({
  /** Milliseconds from now; null: never. Default: 7 days. */
  expiresIn: z
    .int()
    .min(60_000)
    .max(10 * 365 * 86_400_000)
    .nullable()
    .default(7 * 86_400_000),
  /** Asked for before anything of the recording is shown. */
  password: z.string().min(4, 'must have at least 4 characters').max(200).nullable().default(null),
  maxViews: z.int().min(1, 'must be at least 1').max(1_000_000).nullable().default(null),
  allowDownload: z.boolean().default(false),
  /** Where on the recording's clock it begins to play. */
  startAtMs: z
    .int()
    .min(0)
    .max(100 * 3_600_000)
    .default(0),
  /** For whoever shares it; holders of the link do not see it. */
  label: z.string().max(200).nullable().default(null),
  /** Sites that may show it in a frame; none by default. */
  embedSites: z.array(embedSiteSchema).max(20).default([]),
});
export type CreateShareRequest = z.input<typeof createShareRequestSchema>;

export const shareSchema = z.object({
  id: idSchema,
  recordingId: idSchema,
  label: z.string().nullable(),
  /** What it is now. All but `active` are the same 404 to whoever has the link. */
  state: z.enum(['active', 'expired', 'used-up', 'revoked']),
  createdAt: isoTime,
  expiresAt: isoTime.nullable(),
  revokedAt: isoTime.nullable(),
  maxViews: z.int().nullable(),
  views: z.int(),
  lastViewedAt: isoTime.nullable(),
  allowDownload: z.boolean(),
  hasPassword: z.boolean(),
  startAtMs: z.int(),
  embedSites: z.array(z.string()),
});
export type Share = z.infer<typeof shareSchema>;

/** Only the answer that creates a share holds its address: the token is kept as a hash. */
export const createdShareSchema = shareSchema.extend({ url: z.string() });
export type CreatedShare = z.infer<typeof createdShareSchema>;

export const liveTrackSchema = z.object({
  sid: z.string(),
  source: z.string(),
  kind: z.enum(['video', 'audio']),
  codec: z.string(),
  muted: z.boolean(),
  width: z.int().optional(),
  height: z.int().optional(),
  simulcast: z.boolean(),
});

export const liveParticipantSchema = z.object({
  sid: z.string(),
  identity: z.string(),
  name: z.string(),
  kind: z.enum(participantKinds),
  joinedAt: isoTime,
  canPublish: z.boolean(),
  metadata: z.string(),
  tracks: z.array(liveTrackSchema),
  /** The running recording of this participant, if there is one. */
  recordingId: idSchema.nullable(),
});
export type LiveParticipant = z.infer<typeof liveParticipantSchema>;

export const liveRoomSchema = z.object({
  sid: z.string(),
  name: z.string(),
  startedAt: isoTime,
  participants: z.array(liveParticipantSchema),
});
export type LiveRoom = z.infer<typeof liveRoomSchema>;

export const viewerTokenSchema = z.object({
  url: z.string(),
  token: z.string(),
  identity: z.string(),
  expiresAt: isoTime,
});

/** Embedded installations only: a synthetic participant for trying things out. */
export const demoParticipantRequestSchema = z.strictObject({
  room: nameSchema.default('demo'),
  /** Default: one that is free. */
  identity: nameSchema.optional(),
  codec: z.enum(['vp8', 'h264', 'vp9', 'av1']).default('vp8'),
  size: z
    .string()
    .regex(/^[1-9]\d{1,3}x[1-9]\d{1,3}$/, 'must be like 1280x720')
    .default('1280x720'),
  seconds: z.int().min(1).max(600).default(60),
});
export const demoParticipantSchema = z.object({ room: z.string(), identity: z.string(), seconds: z.int() });

/** Embedded installations only: to take part from a page. */
export const joinTokenRequestSchema = z.strictObject({ identity: nameSchema });

/** What this installation can record and make. */
export const formatsSchema = z.object({
  containers: z.array(
    z.object({
      container: containerSchema,
      contentType: z.string(),
      videoCodecs: z.array(codecSchema),
      audioCodecs: z.array(codecSchema),
    }),
  ),
  sources: z.array(trackSourceSchema),
  /** What recordings can be converted to afterwards. */
  presets: z.array(z.string()),
});

/** RFC 9457. `detail` is a sentence a person can act on; `recordingId` comes with a 409 of a second start. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  recordingId: idSchema.optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** `GET /api/health`: 200 when everything is up, 503 otherwise. */
export const healthSchema = z.object({
  status: z.enum(['up', 'down']),
  parts: z.record(
    z.enum(['database', 'storage', 'livekit', 'worker']),
    z.object({ status: z.enum(['up', 'down']), detail: z.string() }),
  ),
});

/**
 * Server-sent events of `/api/v1/events` and `/api/v1/recordings/{id}/events`; `event:` is the name, `data:` the JSON.
 * `recording.*` events have an id and are resumed by Last-Event-ID; the others are transient, the newest one counts.
 */
export const liveEventSchemas = {
  'recording.updated': recordingSchema,
  'recording.deleted': z.object({ id: idSchema }),
  'recording.stats': z.object({ id: idSchema, stats: liveStatsSchema }),
  'rooms.updated': z.object({ rooms: z.array(liveRoomSchema), livekit: z.enum(['up', 'down']) }),
  'health.updated': healthSchema,
  /** To admins only. */
  'upkeep.updated': upkeepSchema,
} as const;
export type LiveEventName = keyof typeof liveEventSchemas;
export type LiveEvent<Name extends LiveEventName> = z.infer<(typeof liveEventSchemas)[Name]>;
