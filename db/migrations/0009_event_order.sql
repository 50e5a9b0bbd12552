-- Ids of events become visible in their order: a reader that has seen one has seen all before it. So an event gets its id when its
-- transaction commits, one transaction after the other. Until then it has a negative one, and nobody waits for anybody: a lock that
-- is taken earlier is held while the writer is away, which under a burst of joins was most of the time.

create sequence events_unnumbered increment by -1 maxvalue -1 start with -1;
alter table events alter column id set default nextval('events_unnumbered');

create function number_event() returns trigger language plpgsql as $$
begin
  -- Any number will do, as long as nothing else locks it.
  perform pg_advisory_xact_lock(7306120002);
  update events set id = nextval('events_id_seq') where id = new.id;
  perform pg_notify('recording_events', '');
  return null;
end $$;

create constraint trigger events_numbered after insert on events
  deferrable initially deferred for each row execute function number_event();
