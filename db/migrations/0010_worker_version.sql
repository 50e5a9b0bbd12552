-- What a worker says it runs. Null: one that does not say it yet.
alter table workers add column version text;
