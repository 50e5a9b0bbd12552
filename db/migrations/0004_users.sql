-- People who sign in, and keys for programs.

create table users (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  -- In lower case.
  email text not null,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  -- Argon2id. Null until the invitation was accepted.
  password_hash text,
  created_at timestamptz not null default now(),
  signed_in_at timestamptz,
  disabled_at timestamptz
);

create unique index users_email on users (email);

-- Of whom the link is: null for the link of the terminal, else an invitation, or a way back in.
alter table sign_in_links
  add column user_id uuid references users (id) on delete cascade;

-- Null for whoever came by the link of the terminal, as all did who are signed in already.
alter table sessions
  add column id uuid not null default gen_random_uuid(),
  add column user_id uuid references users (id) on delete cascade,
  add column seen_at timestamptz not null default now(),
  add column user_agent text not null default '',
  add column address text not null default '';

create unique index sessions_id on sessions (id);
create index sessions_by_user on sessions (user_id);

create table api_keys (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  -- The first characters, to know it by.
  prefix text not null,
  -- SHA-256; the key itself is shown once.
  key_hash text not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create unique index api_keys_hash on api_keys (key_hash);
