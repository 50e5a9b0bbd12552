import { expect } from 'vitest';
import { compareWithPlan } from './compare-with-plan.ts';
import type { MatrixCase } from './matrix-case.ts';
import type { MatrixTable } from './matrix-table.ts';
import type { RecordedParticipant } from './perform-case.ts';

/** The bound for picture against sound that nobody notices; by flashes and beeps a frame's duration is the resolution. */
const SYNC_MS = 20;

/** Everything a row asks for, in one object, so that a failure shows all of it. */
export async function expectAsPlanned(
  row: MatrixCase,
  recordings: readonly RecordedParticipant[],
  table: MatrixTable,
): Promise<void> {
  for (const recording of recordings) {
    expect(recording.outcome).toMatchObject({ kind: 'finished' });
    const files = await compareWithPlan(recording, row.measuresSync ?? false);
    table.add(row.name, 'scripted', recording, files);
    const found = {
      // Lost packets are seen in what is missing.
      gaps: recording.gaps
        .filter(({ reason }) => reason !== 'packet-loss')
        .map(({ kind, reason }) => `${kind} ${reason}`)
        .sort(),
      files: files.map(({ contentType }) => contentType),
      errors: files.flatMap(({ errors }) => errors),
      missing: files.flatMap(({ video, audio }) => [video?.missing ?? 0, audio?.missing ?? 0]).filter(Boolean),
      unexpected: files.flatMap(({ video, audio }) => [video?.unexpected ?? 0, audio?.unexpected ?? 0]).filter(Boolean),
      wrongPictures: files.flatMap(({ video }) => video?.wrongPictures ?? 0).filter(Boolean),
      sizes: files.flatMap(({ video }) => video?.sizes ?? []),
    };
    if (!row.isSimulcast) expect(files.map(({ video }) => video?.lowerLayers ?? 0)).toEqual(files.map(() => 0));
    expect(found).toEqual({
      gaps: row.gaps === 'any' ? found.gaps : [...(row.gaps ?? [])].sort(),
      files: row.files ?? found.files,
      errors: [],
      missing: [],
      unexpected: [],
      wrongPictures: [],
      sizes: row.sizes ?? found.sizes,
    });
    if (row.measuresSync) expect(files[0]?.syncMs).toBeLessThanOrEqual(SYNC_MS);
  }
}
