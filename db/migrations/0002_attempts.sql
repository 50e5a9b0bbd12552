-- What each attempt recorded, on its own clock, and attempts that join; deletion and clean-up in steps that can be
-- repeated. The columns are explained in db/schema.ts.

alter table attempts
  add column kind text not null default 'record' check (kind in ('record', 'finalise')),
  add column started_at timestamptz,
  add column publisher_zero_micros bigint,
  add column participant_sid text,
  add column tracks jsonb not null default '[]',
  add column gaps jsonb not null default '[]',
  add column stored jsonb not null default '{}',
  add column segments_pending integer not null default 0,
  add column joined_segments integer;

-- What runs while this is applied has one attempt that counts: the newest.
update attempts set started_at = recordings.started_at, tracks = recordings.tracks, gaps = recordings.gaps
  from recordings where recordings.id = attempts.recording_id and recordings.epoch = attempts.epoch;
update attempts set stored = found.stored
  from (
    select attempt_id, jsonb_object_agg(medium, jsonb_build_object('fromMicros', first, 'toMicros', last)) as stored
    from (
      select attempt_id, medium, min(start_micros) as first, max(end_micros) as last
      from segments group by attempt_id, medium
    ) as media
    group by attempt_id
  ) as found
  where found.attempt_id = attempts.id;

alter table recordings
  add column deleted_at timestamptz,
  add column cleaned_at timestamptz;

create index recordings_deleted on recordings (deleted_at) where deleted_at is not null;
create index recordings_to_clean on recordings (stopped_at) where status = 'ready' and cleaned_at is null;
create index recordings_retained on recordings (retain_until) where retain_until is not null;

create table deleted_recordings (
  recording_id uuid primary key,
  deleted_at timestamptz not null default now()
);

-- One row: when a reconciler without a process of its own (a cron job) ran last.
create table cron_runs (
  id boolean primary key default true check (id),
  ran_at timestamptz not null default now()
);
