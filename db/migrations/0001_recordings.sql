-- Recordings, their attempts, segments and events; rules, shares, sign-in. The columns are explained in db/schema.ts.

create type recording_state as enum
  ('requested', 'starting', 'recording', 'paused', 'finalising', 'ready', 'failed', 'absent');

create table recordings (
  id uuid primary key default gen_random_uuid(),
  room text not null,
  identity text not null,
  participant_key text not null,
  status recording_state not null default 'requested',
  origin text not null check (origin in ('user', 'api', 'rule')),
  rule_id uuid,
  participant_sid text,
  wanted_tracks jsonb not null,
  reconnect_window_ms integer not null,
  max_duration_ms integer,
  command text not null default 'continue',
  epoch integer not null default 0,
  -- To the millisecond, as a cursor says it.
  requested_at timestamptz(3) not null default now(),
  started_at timestamptz,
  stopped_at timestamptz,
  stop_reason text,
  duration_ms bigint not null default 0,
  size_bytes bigint not null default 0,
  tracks jsonb not null default '[]',
  gaps jsonb not null default '[]',
  media jsonb not null default '[]',
  error jsonb,
  retain_until timestamptz
);

-- One participant has at most one recording that is still taking media.
create unique index recordings_one_active on recordings (participant_key)
  where status in ('requested', 'starting', 'recording', 'paused');
create index recordings_by_time on recordings (requested_at desc, id desc);
create index recordings_by_participant on recordings (participant_sid);
create index recordings_unfinished on recordings (requested_at)
  where status not in ('ready', 'failed', 'absent');

create table attempts (
  id uuid primary key default gen_random_uuid(),
  recording_id uuid not null references recordings (id) on delete cascade,
  epoch integer not null,
  state text not null default 'queued',
  worker_id uuid,
  created_at timestamptz not null default now(),
  available_at timestamptz not null default now(),
  claimed_at timestamptz,
  lease_expires_at timestamptz,
  ended_at timestamptz,
  stats jsonb,
  outcome jsonb
);

create unique index attempts_epoch on attempts (recording_id, epoch);
create index attempts_open on attempts (state, created_at) where state <> 'ended';

create table segments (
  attempt_id uuid not null references attempts (id) on delete cascade,
  medium text not null,
  sequence integer not null,
  part integer not null,
  container text not null,
  key text not null,
  header_bytes integer not null,
  size_bytes integer not null,
  sha256 text not null,
  start_micros bigint not null,
  end_micros bigint not null,
  has_video boolean not null,
  primary key (attempt_id, medium, sequence)
);

create table events (
  id bigserial primary key,
  recording_id uuid not null,
  type text not null,
  data jsonb not null default '{}',
  at timestamptz not null default now()
);

create index events_by_recording on events (recording_id, id);
create index events_by_time on events (at);

create table rules (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  enabled boolean not null,
  room_pattern text not null,
  identity_pattern text not null,
  kinds jsonb not null,
  metadata jsonb,
  tracks jsonb not null,
  reconnect_window_ms integer not null,
  retain_days integer,
  created_at timestamptz not null default now()
);

create table shares (
  id uuid primary key default gen_random_uuid(),
  recording_id uuid not null references recordings (id) on delete cascade,
  token_hash text not null,
  label text,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  max_views integer,
  views integer not null default 0,
  allow_download boolean not null
);

create unique index shares_token on shares (token_hash);
create index shares_by_recording on shares (recording_id);

create table webhook_events (
  id text primary key,
  received_at timestamptz not null default now()
);

create table settled_participants (
  participant_sid text primary key,
  at timestamptz not null default now()
);

create table workers (
  id uuid primary key,
  seen_at timestamptz not null default now(),
  free_slots integer not null
);

create table sign_in_links (
  token_hash text primary key,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table sessions (
  token_hash text primary key,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
