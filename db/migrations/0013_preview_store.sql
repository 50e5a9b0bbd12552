-- Tries that ended because the store could not be used: they say nothing of the file, and put the next one off.
alter table previews add column store_failures integer not null default 0;
