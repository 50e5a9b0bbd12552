import { sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import type { RecordingState } from '../recording-states.ts';

/** When a recording took which state, oldest first; as far back as events are kept. */
export async function listStatusChanges(
  db: Queryable,
  recordingId: string,
  limit: number,
): Promise<{ at: Date; status: RecordingState }[]> {
  const { rows } = await db.execute<{ at: Date; status: RecordingState }>(sql`
    select at, status from (
      select id, at, data ->> 'status' as status, lag(data ->> 'status') over (order by id) as before
      from events where recording_id = ${recordingId} and type = 'recording.updated'
    ) as told
    where status is distinct from before order by id limit ${limit}`);
  return rows.map(({ at, status }) => ({ at: new Date(at), status }));
}
