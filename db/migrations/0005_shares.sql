-- Share links with a password, a start and sites that may show them; guesses that were wrong, counted for all
-- processes. The columns are explained in db/schema.ts.

alter table shares
  add column password_hash text,
  add column start_at_ms integer not null default 0,
  add column embed_sites jsonb not null default '[]',
  add column last_viewed_at timestamptz;

create table guesses (
  key text primary key,
  count integer not null,
  since timestamptz not null default now()
);
