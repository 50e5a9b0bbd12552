-- The links of a recording, newest first, page by page.
drop index shares_by_recording;
create index shares_by_recording on shares (recording_id, created_at desc, id desc);
