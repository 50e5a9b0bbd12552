/**
 * Everything the product keeps. Rows are written by `queries/`, one file per query; the tables themselves by the
 * numbered files in `migrations/`.
 */
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  customType,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { FinishedMedia, Gap, Medium, TrackSource, TrackSummary, Undecodable } from '../recorder/contract/media.ts';
import type { Poster, Storyboard } from '../recorder/contract/previews.ts';
import type { AttemptState, Command, LiveStats, Outcome, StopReason } from '../recorder/contract/report.ts';
import { activeStates, finalStates, recordingStates } from './recording-states.ts';

/**
 * Any text a LiveKit room or identity can have. Postgres text cannot hold NUL, so it is stored as `\0` and a
 * backslash as `\\`; reading undoes it. Compare with values passed through the same column.
 */
export const anyText = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => escapeAnyText(value),
  fromDriver: (value) => unescapeAnyText(value),
});

export function escapeAnyText(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\0', '\\0').toWellFormed();
}

function unescapeAnyText(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\(\\|0)/g, (_, escaped) => (escaped === '0' ? '\0' : '\\'));
}

/**
 * JSON whose strings can be anyone's text. jsonb holds neither NUL nor half a surrogate pair, so every string in it,
 * keys too, is stored as `anyText` stores it.
 */
export const anyJson = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(mapStrings(value, escapeAnyText)),
  // The driver has parsed it already, unless it came as text.
  fromDriver: (value) => mapStrings(typeof value === 'string' ? JSON.parse(value) : value, unescapeAnyText),
});

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), mapStrings(item, map)]));
}

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const recordingState = pgEnum('recording_state', recordingStates);

export const recordings = pgTable(
  'recordings',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    room: anyText('room').notNull(),
    identity: anyText('identity').notNull(),
    /** SHA-256 over room and identity: a key of bounded length for the index that forbids a second recording. */
    participantKey: text('participant_key').notNull(),
    status: recordingState('status').notNull().default('requested'),
    origin: text('origin').$type<'user' | 'api' | 'rule'>().notNull(),
    ruleId: uuid('rule_id'),
    /** The LiveKit session that a rule reacted to, so that it does not react twice. */
    participantSid: text('participant_sid'),
    wantedTracks: anyJson('wanted_tracks').$type<TrackSource[]>().notNull(),
    reconnectWindowMs: integer('reconnect_window_ms').notNull(),
    maxDurationMs: integer('max_duration_ms'),
    undecodable: text('undecodable').$type<Undecodable>().notNull().default('keep'),
    /** What the user wants of it now; handed to the recorder with every reply. */
    command: text('command').$type<Command>().notNull().default('continue'),
    /** Of the newest attempt. */
    epoch: integer('epoch').notNull().default(0),
    /** To the millisecond, so that a cursor can say it. */
    requestedAt: timestamp('requested_at', { withTimezone: true, mode: 'date', precision: 3 }).notNull().defaultNow(),
    startedAt: at('started_at'),
    stoppedAt: at('stopped_at'),
    stopReason: text('stop_reason').$type<StopReason>(),
    durationMs: bigint('duration_ms', { mode: 'number' }).notNull().default(0),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull().default(0),
    tracks: anyJson('tracks').$type<TrackSummary[]>().notNull().default([]),
    gaps: anyJson('gaps').$type<Gap[]>().notNull().default([]),
    media: anyJson('media').$type<FinishedMedia[]>().notNull().default([]),
    error: anyJson('error').$type<{ reason: string; message: string }>(),
    /** Removed on this day, by the rule that made it; unset: as the installation says. */
    retainUntil: at('retain_until'),
    /** Shown to nobody any more; its objects, then its rows are being removed. */
    deletedAt: at('deleted_at'),
    /** When what the finished files were made of was removed. */
    cleanedAt: at('cleaned_at'),
  },
  (table) => [
    uniqueIndex('recordings_one_active')
      .on(table.participantKey)
      .where(sql`${table.status} in (${sql.raw(activeStates.map((state) => `'${state}'`).join(', '))})`),
    index('recordings_by_time').on(table.requestedAt.desc(), table.id.desc()),
    index('recordings_by_participant').on(table.participantSid),
    index('recordings_unfinished')
      .on(table.requestedAt)
      .where(sql`${table.status} not in (${sql.raw(finalStates.map((state) => `'${state}'`).join(', '))})`),
    index('recordings_deleted').on(table.deletedAt).where(sql`${table.deletedAt} is not null`),
    index('recordings_to_clean')
      .on(table.stoppedAt)
      .where(sql`${table.status} = 'ready' and ${table.cleanedAt} is null`),
    index('recordings_retained').on(table.retainUntil).where(sql`${table.retainUntil} is not null`),
    // Of the list: its orders, its filters, its search.
    index('recordings_by_duration').on(table.durationMs.desc(), table.requestedAt.desc(), table.id.desc()),
    index('recordings_by_size').on(table.sizeBytes.desc(), table.requestedAt.desc(), table.id.desc()),
    index('recordings_by_room_name').on(
      sql`lower(left(${table.room}, 100))`,
      table.requestedAt.desc(),
      table.id.desc(),
    ),
    index('recordings_by_status').on(table.status, table.requestedAt.desc()),
    index('recordings_by_rule').on(table.ruleId, table.requestedAt.desc()).where(sql`${table.ruleId} is not null`),
    index('recordings_by_room').using('hash', table.room),
    index('recordings_by_identity').using('hash', table.identity),
    index('recordings_by_text').using('gin', table.room.op('gin_trgm_ops'), table.identity.op('gin_trgm_ops')),
  ],
);

/** What an attempt has in the store of one medium, on the attempt's own clock. */
export interface StoredSpan {
  fromMicros: number;
  toMicros: number;
}

/**
 * One recorder's try at a recording, or at joining what earlier ones stored. Only the one with the recording's epoch may
 * write. Its facts are on its own clock; those of the recording are made of them (`app/_control/merge-attempts.ts`).
 */
export const attempts = pgTable(
  'attempts',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    recordingId: uuid('recording_id')
      .notNull()
      .references(() => recordings.id, { onDelete: 'cascade' }),
    epoch: integer('epoch').notNull(),
    kind: text('kind').$type<'record' | 'finalise'>().notNull().default('record'),
    state: text('state').$type<'queued' | AttemptState>().notNull().default('queued'),
    workerId: uuid('worker_id'),
    createdAt: at('created_at').notNull().defaultNow(),
    /** Not handed out before: the back-off between attempts. */
    availableAt: at('available_at').notNull().defaultNow(),
    claimedAt: at('claimed_at'),
    /** On the database's clock. Null while queued. */
    leaseExpiresAt: at('lease_expires_at'),
    endedAt: at('ended_at'),
    stats: anyJson('stats').$type<LiveStats>(),
    outcome: anyJson('outcome').$type<Outcome>(),
    /** Its presentation time 0, on the database's clock. */
    startedAt: at('started_at'),
    /** The same moment on the publisher's own clock, Unix microseconds; good for comparing with the same participant only. */
    publisherZeroMicros: bigint('publisher_zero_micros', { mode: 'number' }),
    participantSid: anyText('participant_sid'),
    tracks: anyJson('tracks').$type<TrackSummary[]>().notNull().default([]),
    gaps: anyJson('gaps').$type<Gap[]>().notNull().default([]),
    stored: anyJson('stored').$type<Partial<Record<Medium, StoredSpan>>>().notNull().default({}),
    /** Segments it still wants to store, as it said last. */
    segmentsPending: integer('segments_pending').notNull().default(0),
    /** Of one that joins: how many segments its manifest names. */
    joinedSegments: integer('joined_segments'),
  },
  (table) => [
    uniqueIndex('attempts_epoch').on(table.recordingId, table.epoch),
    index('attempts_open').on(table.state, table.createdAt).where(sql`${table.state} <> 'ended'`),
  ],
);

/** Objects in the store, as the recorder reported them. */
export const segments = pgTable(
  'segments',
  {
    attemptId: uuid('attempt_id')
      .notNull()
      .references(() => attempts.id, { onDelete: 'cascade' }),
    medium: text('medium').$type<'camera' | 'screen'>().notNull(),
    sequence: integer('sequence').notNull(),
    part: integer('part').notNull(),
    container: text('container').$type<'webm' | 'mp4'>().notNull(),
    key: text('key').notNull(),
    headerBytes: integer('header_bytes').notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    sha256: text('sha256').notNull(),
    startMicros: bigint('start_micros', { mode: 'number' }).notNull(),
    endMicros: bigint('end_micros', { mode: 'number' }).notNull(),
    hasVideo: boolean('has_video').notNull(),
  },
  (table) => [primaryKey({ columns: [table.attemptId, table.medium, table.sequence] })],
);

/** Poster and storyboard of a recording that is ready: they are made by a worker that has nothing better to do. */
export const previews = pgTable(
  'previews',
  {
    recordingId: uuid('recording_id')
      .primaryKey()
      .references(() => recordings.id, { onDelete: 'cascade' }),
    state: text('state').$type<'waiting' | 'ready' | 'failed'>().notNull().default('waiting'),
    /** Times it was handed out, without those that say nothing of the file: given back, or the store was away. */
    tries: integer('tries').notNull().default(0),
    /** How often the store was away. */
    storeFailures: integer('store_failures').notNull().default(0),
    /** Not handed out before: who has it has until then, and afterwards it waits for its next try. */
    availableAt: at('available_at').notNull().defaultNow(),
    /** Why the last try came to nothing. */
    error: text('error'),
    poster: anyJson('poster').$type<Poster>(),
    storyboard: anyJson('storyboard').$type<Storyboard>(),
    madeAt: at('made_at'),
  },
  (table) => [index('previews_waiting').on(table.availableAt).where(sql`${table.state} = 'waiting'`)],
);

/**
 * How an attempt stood at moments on its own clock: sums since it began, so that the rate between any two is their difference, and
 * leaving out some loses nothing else.
 */
export const samples = pgTable(
  'samples',
  {
    attemptId: uuid('attempt_id')
      .notNull()
      .references(() => attempts.id, { onDelete: 'cascade' }),
    atMs: integer('at_ms').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    videoFrames: integer('video_frames').notNull(),
    packetsReceived: bigint('packets_received', { mode: 'number' }).notNull(),
    packetsLost: integer('packets_lost').notNull(),
    packetsRepaired: integer('packets_repaired').notNull(),
    /** Newest. */
    roundTripMs: real('round_trip_ms'),
    jitterMs: real('jitter_ms'),
  },
  (table) => [primaryKey({ columns: [table.attemptId, table.atMs] })],
);

/** Append-only; what SSE streams and resumes from. */
export const events = pgTable(
  'events',
  {
    /** In the order of commits; negative until then. */
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** No reference: the event of a deletion outlives the row. */
    recordingId: uuid('recording_id').notNull(),
    type: text('type').notNull(),
    data: anyJson('data').notNull().default({}),
    at: at('at').notNull().defaultNow(),
  },
  (table) => [index('events_by_recording').on(table.recordingId, table.id), index('events_by_time').on(table.at)],
);

export const rules = pgTable('rules', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: anyText('name').notNull(),
  enabled: boolean('enabled').notNull(),
  roomPattern: anyText('room_pattern').notNull(),
  identityPattern: anyText('identity_pattern').notNull(),
  kinds: anyJson('kinds').$type<string[]>().notNull(),
  metadata: anyJson('metadata').$type<Record<string, string | number | boolean>>(),
  tracks: anyJson('tracks').$type<TrackSource[]>().notNull(),
  reconnectWindowMs: integer('reconnect_window_ms').notNull(),
  undecodable: text('undecodable').$type<Undecodable>().notNull().default('keep'),
  retainDays: integer('retain_days'),
  createdAt: at('created_at').notNull().defaultNow(),
});

export const shares = pgTable(
  'shares',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    recordingId: uuid('recording_id')
      .notNull()
      .references(() => recordings.id, { onDelete: 'cascade' }),
    /** SHA-256 of the 256-bit token; the token itself is shown once. */
    tokenHash: text('token_hash').notNull(),
    label: anyText('label'),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at'),
    revokedAt: at('revoked_at'),
    maxViews: integer('max_views'),
    views: integer('views').notNull().default(0),
    lastViewedAt: at('last_viewed_at'),
    allowDownload: boolean('allow_download').notNull(),
    /** Argon2id, with its salt. Null: whoever has the link may watch. */
    passwordHash: text('password_hash'),
    /** Where on the recording's clock a player begins. */
    startAtMs: integer('start_at_ms').notNull().default(0),
    /** Sites that may show it in a frame, as a Content-Security-Policy names them. */
    embedSites: anyJson('embed_sites').$type<string[]>().notNull().default([]),
  },
  (table) => [
    uniqueIndex('shares_token').on(table.tokenHash),
    index('shares_by_recording').on(table.recordingId, table.createdAt.desc(), table.id.desc()),
  ],
);

/** How often a secret that people choose was guessed since a moment, by a hash of what it is and who guesses. */
export const guesses = pgTable('guesses', {
  key: text('key').primaryKey(),
  count: integer('count').notNull(),
  since: at('since').notNull().defaultNow(),
});

/** LiveKit's webhooks already taken, by its event id: a second delivery does nothing. */
export const webhookEvents = pgTable(
  'webhook_events',
  {
    id: text('id').primaryKey(),
    receivedAt: at('received_at').notNull().defaultNow(),
  },
  (table) => [index('webhook_events_by_time').on(table.receivedAt)],
);

/** One row: events up to this one have been looked at for outgoing webhooks. */
export const webhookCursor = pgTable('webhook_cursor', {
  id: boolean('id').primaryKey().default(true),
  eventId: bigint('event_id', { mode: 'number' }).notNull(),
});

/** Where outgoing webhooks go. */
export const webhookEndpoints = pgTable('webhook_endpoints', {
  id: uuid('id').primaryKey().defaultRandom(),
  url: text('url').notNull(),
  events: anyJson('events').$type<string[]>().notNull(),
  enabled: boolean('enabled').notNull().default(true),
  /** The signing secret is made of this and APP_SECRET: the database alone does not have it. */
  secretSeed: text('secret_seed').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  /** Since when nothing was delivered. */
  failingSince: at('failing_since'),
  /** Why it was switched off without anybody's hand. */
  disabledReason: text('disabled_reason'),
});

/** The queue of outgoing webhooks and its log: one row for each message to each endpoint. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    endpointId: uuid('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    /** None for a test. */
    eventId: bigint('event_id', { mode: 'number' }),
    type: text('type').notNull(),
    payload: anyJson('payload').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date', precision: 3 }).notNull().defaultNow(),
    /** Nobody tries before; none when it is over. */
    nextAttemptAt: at('next_attempt_at').defaultNow(),
    deliveredAt: at('delivered_at'),
    attempts: integer('attempts').notNull().default(0),
    /** Of the last attempt, as the columns that follow. */
    attemptedAt: at('attempted_at'),
    status: integer('status'),
    durationMs: integer('duration_ms'),
    /** Its first bytes. */
    answer: anyText('answer'),
    error: anyText('error'),
  },
  (table) => [
    uniqueIndex('webhook_deliveries_once').on(table.endpointId, table.eventId, table.type),
    index('webhook_deliveries_due')
      .on(table.endpointId, table.nextAttemptAt)
      .where(sql`${table.nextAttemptAt} is not null`),
    index('webhook_deliveries_by_endpoint').on(table.endpointId, table.createdAt.desc(), table.id.desc()),
    index('webhook_deliveries_by_time').on(table.createdAt),
  ],
);

/** One row once somebody has set it by hand. */
export const installationSettings = pgTable('installation_settings', {
  id: boolean('id').primaryKey().default(true),
  /** None: until somebody deletes them. */
  retainDays: integer('retain_days'),
});

/** Answers to starts with an Idempotency-Key. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** SHA-256 of who asked and the key they gave. */
    keyHash: text('key_hash').primaryKey(),
    requestHash: text('request_hash').notNull(),
    answer: anyJson('answer').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [index('idempotency_keys_by_time').on(table.createdAt)],
);

/** LiveKit sessions that no rule shall record (any more): they are over, or their recording was deleted. */
export const settledParticipants = pgTable('settled_participants', {
  participantSid: text('participant_sid').primaryKey(),
  at: at('at').notNull().defaultNow(),
});

/** Recordings that were here: what a recorder that did not hear of it still stored is removed a day later. */
export const deletedRecordings = pgTable('deleted_recordings', {
  recordingId: uuid('recording_id').primaryKey(),
  deletedAt: at('deleted_at').notNull().defaultNow(),
});

/** One row: when a reconciler without a process of its own ran last. */
export const cronRuns = pgTable('cron_runs', {
  id: boolean('id').primaryKey().default(true),
  ranAt: at('ran_at').notNull().defaultNow(),
});

/** Pool workers, by their last sign of life. */
export const workers = pgTable('workers', {
  id: uuid('id').primaryKey(),
  seenAt: at('seen_at').notNull().defaultNow(),
  freeSlots: integer('free_slots').notNull(),
  /** What it says it runs. */
  version: anyText('version'),
});

/** People who sign in. */
export const users = pgTable(
  'users',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: anyText('name').notNull(),
    /** In lower case. */
    email: anyText('email').notNull(),
    role: text('role').$type<'viewer' | 'operator' | 'admin'>().notNull(),
    /** Argon2id. Null until the invitation was accepted. */
    passwordHash: text('password_hash'),
    createdAt: at('created_at').notNull().defaultNow(),
    signedInAt: at('signed_in_at'),
    disabledAt: at('disabled_at'),
  },
  (table) => [uniqueIndex('users_email').on(table.email)],
);

/** One-time links, as SHA-256 of the token. */
export const signInLinks = pgTable('sign_in_links', {
  tokenHash: text('token_hash').primaryKey(),
  /** Null for the link of the terminal; else an invitation, or a way back in. */
  userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
});

/** Browser sessions, as SHA-256 of the cookie. */
export const sessions = pgTable(
  'sessions',
  {
    tokenHash: text('token_hash').primaryKey(),
    id: uuid('id').notNull().defaultRandom(),
    /** Null for whoever came by the link of the terminal. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    createdAt: at('created_at').notNull().defaultNow(),
    /** To the minute. */
    seenAt: at('seen_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    userAgent: anyText('user_agent').notNull().default(''),
    address: anyText('address').notNull().default(''),
  },
  (table) => [uniqueIndex('sessions_id').on(table.id), index('sessions_by_user').on(table.userId)],
);

/** What programs sign in with. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: anyText('name').notNull(),
    /** What it may do: app/_control/scopes.ts. */
    scopes: text('scopes').array().notNull(),
    /** The first characters, to know it by. */
    prefix: text('prefix').notNull(),
    /** SHA-256; the key itself is shown once. */
    keyHash: text('key_hash').notNull(),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at'),
    /** To the minute. */
    lastUsedAt: at('last_used_at'),
    revokedAt: at('revoked_at'),
  },
  (table) => [uniqueIndex('api_keys_hash').on(table.keyHash)],
);

/** Who did what: people and programs. No references: it is kept when those are gone. */
export const actions = pgTable(
  'actions',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: at('at').notNull().defaultNow(),
    /** app/_control/actions-api.ts */
    action: text('action').notNull(),
    actorKind: text('actor_kind').$type<'user' | 'owner' | 'api-key'>().notNull(),
    actorId: uuid('actor_id'),
    actorName: anyText('actor_name').notNull(),
    subjectId: uuid('subject_id'),
    subjectName: anyText('subject_name'),
    recordingId: uuid('recording_id'),
  },
  (table) => [index('actions_by_recording').on(table.recordingId, table.id)],
);

export type ActionRow = typeof actions.$inferSelect;
export type RecordingRow = typeof recordings.$inferSelect;
export type NewRecordingRow = typeof recordings.$inferInsert;
export type AttemptRow = typeof attempts.$inferSelect;
export type SegmentRow = typeof segments.$inferSelect;
export type PreviewRow = typeof previews.$inferSelect;
export type SampleRow = typeof samples.$inferSelect;
export type EventRow = typeof events.$inferSelect;
export type RuleRow = typeof rules.$inferSelect;
export type NewRuleRow = typeof rules.$inferInsert;
export type ShareRow = typeof shares.$inferSelect;
export type NewShareRow = typeof shares.$inferInsert;
export type WebhookEndpointRow = typeof webhookEndpoints.$inferSelect;
export type WebhookDeliveryRow = typeof webhookDeliveries.$inferSelect;
export type UserRow = typeof users.$inferSelect;
export type SessionRow = typeof sessions.$inferSelect;
export type ApiKeyRow = typeof apiKeys.$inferSelect;
