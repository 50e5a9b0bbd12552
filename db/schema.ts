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
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { FinishedMedia, Gap, TrackSource, TrackSummary } from '../recorder/contract/media.ts';
import type { AttemptState, Command, LiveStats, Outcome, StopReason } from '../recorder/contract/report.ts';
import { activeStates, recordingStates } from './recording-states.ts';

/**
 * Any text a LiveKit room or identity can have. Postgres text cannot hold NUL, so it is stored as `\0` and a
 * backslash as `\\`; reading undoes it. Compare with values passed through the same column.
 */
export const anyText = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => escapeAnyText(value),
  fromDriver: (value) => value.replace(/\\(\\|0)/g, (_, escaped) => (escaped === '0' ? '\0' : '\\')),
});

export function escapeAnyText(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\0', '\\0').toWellFormed();
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
    wantedTracks: jsonb('wanted_tracks').$type<TrackSource[]>().notNull(),
    reconnectWindowMs: integer('reconnect_window_ms').notNull(),
    maxDurationMs: integer('max_duration_ms'),
    /** What the user wants of it now; handed to the recorder with every reply. */
    command: text('command').$type<Command>().notNull().default('continue'),
    /** Of the newest attempt. */
    epoch: integer('epoch').notNull().default(0),
    requestedAt: at('requested_at').notNull().defaultNow(),
    startedAt: at('started_at'),
    stoppedAt: at('stopped_at'),
    stopReason: text('stop_reason').$type<StopReason>(),
    durationMs: bigint('duration_ms', { mode: 'number' }).notNull().default(0),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull().default(0),
    tracks: jsonb('tracks').$type<TrackSummary[]>().notNull().default([]),
    gaps: jsonb('gaps').$type<Gap[]>().notNull().default([]),
    media: jsonb('media').$type<FinishedMedia[]>().notNull().default([]),
    error: jsonb('error').$type<{ reason: string; message: string }>(),
  },
  (table) => [
    uniqueIndex('recordings_one_active')
      .on(table.participantKey)
      .where(sql`${table.status} in (${sql.raw(activeStates.map((state) => `'${state}'`).join(', '))})`),
    index('recordings_by_time').on(table.requestedAt.desc(), table.id.desc()),
  ],
);

/** One recorder's try at a recording. Only the one with the recording's epoch may write. */
export const attempts = pgTable(
  'attempts',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    recordingId: uuid('recording_id')
      .notNull()
      .references(() => recordings.id, { onDelete: 'cascade' }),
    epoch: integer('epoch').notNull(),
    state: text('state').$type<'queued' | AttemptState>().notNull().default('queued'),
    workerId: uuid('worker_id'),
    createdAt: at('created_at').notNull().defaultNow(),
    claimedAt: at('claimed_at'),
    /** On the database's clock. Null while queued. */
    leaseExpiresAt: at('lease_expires_at'),
    endedAt: at('ended_at'),
    stats: jsonb('stats').$type<LiveStats>(),
    outcome: jsonb('outcome').$type<Outcome>(),
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

/** Append-only; what SSE streams and resumes from. */
export const events = pgTable(
  'events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** No reference: the event of a deletion outlives the row. */
    recordingId: uuid('recording_id').notNull(),
    type: text('type').notNull(),
    data: jsonb('data').notNull().default({}),
    at: at('at').notNull().defaultNow(),
  },
  (table) => [index('events_by_recording').on(table.recordingId, table.id)],
);

export const rules = pgTable('rules', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: anyText('name').notNull(),
  enabled: boolean('enabled').notNull(),
  roomPattern: anyText('room_pattern').notNull(),
  identityPattern: anyText('identity_pattern').notNull(),
  kinds: jsonb('kinds').$type<string[]>().notNull(),
  metadata: jsonb('metadata').$type<Record<string, string | number | boolean>>(),
  tracks: jsonb('tracks').$type<TrackSource[]>().notNull(),
  reconnectWindowMs: integer('reconnect_window_ms').notNull(),
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
    allowDownload: boolean('allow_download').notNull(),
  },
  (table) => [uniqueIndex('shares_token').on(table.tokenHash), index('shares_by_recording').on(table.recordingId)],
);

/** Webhooks already taken, by LiveKit's event id: a second delivery does nothing. */
export const webhookEvents = pgTable('webhook_events', {
  id: text('id').primaryKey(),
  receivedAt: at('received_at').notNull().defaultNow(),
});

/** Pool workers, by their last sign of life. */
export const workers = pgTable('workers', {
  id: uuid('id').primaryKey(),
  seenAt: at('seen_at').notNull().defaultNow(),
  freeSlots: integer('free_slots').notNull(),
});

/** One-time sign-in links, as SHA-256 of the token. */
export const signInLinks = pgTable('sign_in_links', {
  tokenHash: text('token_hash').primaryKey(),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
});

/** Browser sessions, as SHA-256 of the cookie. */
export const sessions = pgTable('sessions', {
  tokenHash: text('token_hash').primaryKey(),
  createdAt: at('created_at').notNull().defaultNow(),
  expiresAt: at('expires_at').notNull(),
});
