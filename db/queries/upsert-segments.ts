import { sql } from 'drizzle-orm';
import type { StoredSegment } from '../../recorder/contract/media.ts';
import type { Queryable } from '../client.ts';
import { segments } from '../schema.ts';

/** A segment reported again replaces itself. */
export async function upsertSegments(
  db: Queryable,
  attemptId: string,
  stored: readonly StoredSegment[],
): Promise<void> {
  // Twice in one report would be twice in one statement, which Postgres refuses.
  const unique = new Map(stored.map((segment) => [`${segment.medium}/${segment.sequence}`, segment]));
  if (unique.size === 0) return;
  await db
    .insert(segments)
    .values([...unique.values()].map((segment) => ({ attemptId, ...segment })))
    .onConflictDoUpdate({
      target: [segments.attemptId, segments.medium, segments.sequence],
      set: {
        part: sql`excluded.part`,
        container: sql`excluded.container`,
        key: sql`excluded.key`,
        headerBytes: sql`excluded.header_bytes`,
        sizeBytes: sql`excluded.size_bytes`,
        sha256: sql`excluded.sha256`,
        startMicros: sql`excluded.start_micros`,
        endMicros: sql`excluded.end_micros`,
        hasVideo: sql`excluded.has_video`,
      },
    });
}
