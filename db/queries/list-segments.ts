import { and, asc, eq } from 'drizzle-orm';
import type { Medium } from '../../recorder/contract/media.ts';
import type { Queryable } from '../client.ts';
import { type SegmentRow, segments } from '../schema.ts';

/** The segments of one medium of an attempt, in order. */
export function listSegments(db: Queryable, attemptId: string, medium: Medium): Promise<SegmentRow[]> {
  return db
    .select()
    .from(segments)
    .where(and(eq(segments.attemptId, attemptId), eq(segments.medium, medium)))
    .orderBy(asc(segments.sequence));
}
