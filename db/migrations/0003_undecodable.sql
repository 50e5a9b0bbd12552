-- What becomes of video between a loss that could not be repaired and the next keyframe: kept, or left out.

alter table recordings
  add column undecodable text not null default 'keep' check (undecodable in ('keep', 'drop'));
alter table rules
  add column undecodable text not null default 'keep' check (undecodable in ('keep', 'drop'));
