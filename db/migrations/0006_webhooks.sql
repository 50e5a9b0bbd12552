-- Outgoing webhooks, what this installation is set to by hand, and starts that may be repeated.

-- Events up to this one have been looked at for webhooks. What happened before there were any is not told.
create table webhook_cursor (
  id boolean primary key default true check (id),
  event_id bigint not null
);
insert into webhook_cursor (event_id) select coalesce(max(id), 0) from events;

create table webhook_endpoints (
  id uuid primary key default gen_random_uuid(),
  url text not null,
  events jsonb not null,
  enabled boolean not null default true,
  -- The signing secret is made of this and APP_SECRET: the database alone does not have it.
  secret_seed text not null,
  created_at timestamptz not null default now(),
  -- Since when nothing was delivered.
  failing_since timestamptz,
  -- Why it was switched off without anybody's hand.
  disabled_reason text
);

-- The queue and its log: one row for each message to each endpoint.
create table webhook_deliveries (
  id uuid primary key default gen_random_uuid(),
  endpoint_id uuid not null references webhook_endpoints on delete cascade,
  -- None for a test.
  event_id bigint,
  type text not null,
  payload jsonb not null,
  created_at timestamptz(3) not null default now(),
  -- Nobody tries before; none when it is over.
  next_attempt_at timestamptz default now(),
  delivered_at timestamptz,
  attempts integer not null default 0,
  attempted_at timestamptz,
  status integer,
  duration_ms integer,
  answer text,
  error text
);
create unique index webhook_deliveries_once on webhook_deliveries (endpoint_id, event_id, type);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_attempt_at) where next_attempt_at is not null;
create index webhook_deliveries_by_endpoint on webhook_deliveries (endpoint_id, created_at desc, id desc);
create index webhook_deliveries_by_time on webhook_deliveries (created_at);

-- One row when somebody has set it by hand; before, and without one, the environment says.
create table installation_settings (
  id boolean primary key default true check (id),
  -- None: until somebody deletes them.
  retain_days integer check (retain_days > 0)
);

-- Answers to starts with an Idempotency-Key, for a day.
create table idempotency_keys (
  -- SHA-256 of who asked and the key they gave.
  key_hash text primary key,
  request_hash text not null,
  answer jsonb not null,
  created_at timestamptz not null default now()
);
create index idempotency_keys_by_time on idempotency_keys (created_at);

-- When LiveKit's newest webhook came, and which are old.
create index webhook_events_by_time on webhook_events (received_at);
