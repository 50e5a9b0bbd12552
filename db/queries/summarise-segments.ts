import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Container, Medium } from '../../recorder/contract/media.ts';
import type { Queryable } from '../client.ts';
import { attempts, segments } from '../schema.ts';

/** What is stored of one part of one medium of one attempt. */
export interface PartSummary {
  recordingId: string;
  attemptId: string;
  epoch: number;
  medium: Medium;
  part: number;
  container: Container;
  hasVideo: boolean;
  lastSequence: number;
  /** Of the file that its segments make: the first whole, the others without their header. */
  sizeBytes: number;
  startMicros: number;
  endMicros: number;
}

/** Everything that can be played of these recordings before they are finished. */
export async function summariseSegments(db: Queryable, recordingIds: readonly string[]): Promise<PartSummary[]> {
  if (recordingIds.length === 0) return [];
  return db
    .select({
      recordingId: attempts.recordingId,
      attemptId: attempts.id,
      epoch: attempts.epoch,
      medium: segments.medium,
      part: segments.part,
      container: sql<Container>`min(${segments.container})`,
      hasVideo: sql<boolean>`bool_or(${segments.hasVideo})`,
      lastSequence: sql`max(${segments.sequence})`.mapWith(Number),
      sizeBytes:
        sql`sum(${segments.sizeBytes} - ${segments.headerBytes}) + (array_agg(${segments.headerBytes} order by ${segments.sequence}))[1]`.mapWith(
          Number,
        ),
      startMicros: sql`min(${segments.startMicros})`.mapWith(Number),
      endMicros: sql`max(${segments.endMicros})`.mapWith(Number),
    })
    .from(segments)
    .innerJoin(attempts, eq(attempts.id, segments.attemptId))
    .where(inArray(attempts.recordingId, [...recordingIds]))
    .groupBy(attempts.id, segments.medium, segments.part)
    .orderBy(asc(attempts.epoch), asc(segments.medium), asc(segments.part));
}
