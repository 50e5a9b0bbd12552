import { and, asc, count, eq, getTableColumns } from 'drizzle-orm';
import type { Medium } from '../../recorder/contract/media.ts';
import type { Queryable } from '../client.ts';
import { attempts, type SegmentRow, segments } from '../schema.ts';

/** The segments of one medium of an attempt, in order. */
export function listSegments(db: Queryable, attemptId: string, medium: Medium): Promise<SegmentRow[]> {
  return db
    .select()
    .from(segments)
    .where(and(eq(segments.attemptId, attemptId), eq(segments.medium, medium)))
    .orderBy(asc(segments.sequence));
}

/** All segments of a recording, attempt by attempt, in order within a medium. */
export function listRecordingSegments(db: Queryable, recordingId: string): Promise<SegmentRow[]> {
  return db
    .select(getTableColumns(segments))
    .from(segments)
    .innerJoin(attempts, eq(attempts.id, segments.attemptId))
    .where(eq(attempts.recordingId, recordingId))
    .orderBy(asc(attempts.epoch), asc(segments.medium), asc(segments.sequence));
}

export async function countSegments(db: Queryable, recordingId: string): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(segments)
    .innerJoin(attempts, eq(attempts.id, segments.attemptId))
    .where(eq(attempts.recordingId, recordingId));
  return row?.count ?? 0;
}
