import { and, eq, inArray } from 'drizzle-orm';
import type { LiveStats } from '../../recorder/contract/report.ts';
import type { Queryable } from '../client.ts';
import { attempts, recordings } from '../schema.ts';

/** The newest live figures by recording id. */
export async function listNewestStats(db: Queryable, recordingIds: readonly string[]): Promise<Map<string, LiveStats>> {
  if (recordingIds.length === 0) return new Map();
  const rows = await db
    .select({ id: recordings.id, stats: attempts.stats })
    .from(recordings)
    .innerJoin(attempts, and(eq(attempts.recordingId, recordings.id), eq(attempts.epoch, recordings.epoch)))
    .where(inArray(recordings.id, [...recordingIds]));
  return new Map(rows.flatMap(({ id, stats }) => (stats ? [[id, stats] as const] : [])));
}
