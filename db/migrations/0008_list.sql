-- The list of recordings in each of its orders and by each of its filters, quick at any number of rows.

-- Orders. Each ends with what makes it total, so that a cursor names one place; `newest` and `oldest` have one already.
create index recordings_by_duration on recordings (duration_ms desc, requested_at desc, id desc);
create index recordings_by_size on recordings (size_bytes desc, requested_at desc, id desc);
-- Names can have 4096 characters, which is more than a tree takes.
create index recordings_by_room_name on recordings (lower(left(room, 100)), requested_at desc, id desc);

-- Filters.
create index recordings_by_status on recordings (status, requested_at desc);
create index recordings_by_rule on recordings (rule_id, requested_at desc) where rule_id is not null;
create index recordings_by_room on recordings using hash (room);
create index recordings_by_identity on recordings using hash (identity);

-- Search in names. Where the extension cannot be had, searching works without it, only slower.
do $$
begin
  create extension if not exists pg_trgm;
  create index recordings_by_text on recordings using gin (room gin_trgm_ops, identity gin_trgm_ops);
exception
  when insufficient_privilege or feature_not_supported or undefined_file or undefined_object then
    raise notice 'pg_trgm is not available (%): searching recordings will be slow', sqlerrm;
end
$$;
