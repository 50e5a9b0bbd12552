-- Who did what: people and programs. Kept when what it was done to, or who did it, is gone.

create table actions (
  id bigserial primary key,
  at timestamptz not null default now(),
  action text not null,
  -- 'user', 'owner' (by the link of the terminal) or 'api-key'.
  actor_kind text not null,
  actor_id uuid,
  actor_name text not null,
  -- What it was done to, and what that was called.
  subject_id uuid,
  subject_name text,
  recording_id uuid
);

create index actions_by_recording on actions (recording_id, id);
