-- What the page of a recording shows besides the media: a poster and a storyboard, made after the recording, and how it
-- went over time. The columns are explained in db/schema.ts.

create table previews (
  recording_id uuid primary key references recordings (id) on delete cascade,
  state text not null default 'waiting' check (state in ('waiting', 'ready', 'failed')),
  tries integer not null default 0,
  available_at timestamptz not null default now(),
  error text,
  poster jsonb,
  storyboard jsonb,
  made_at timestamptz
);
create index previews_waiting on previews (available_at) where state = 'waiting';

-- Recordings of before get theirs too.
insert into previews (recording_id)
  select id from recordings where status = 'ready' and deleted_at is null and media::text like '%"video/%';

create table samples (
  attempt_id uuid not null references attempts (id) on delete cascade,
  at_ms integer not null,
  size_bytes bigint not null,
  video_frames integer not null,
  packets_received bigint not null,
  packets_lost integer not null,
  packets_repaired integer not null,
  round_trip_ms real,
  jitter_ms real,
  primary key (attempt_id, at_ms)
);
