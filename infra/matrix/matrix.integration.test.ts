/**
 * The matrix of what can be published: each row is recorded on a real server and compared with its plan. Rows are independent of
 * each other and mostly wait, so some run at once.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { shortCases } from './cases.ts';
import { expectAsPlanned } from './expect-as-planned.ts';
import { LOAD_CLIPS_WITHIN_MS, loadClips } from './load-clips.ts';
import type { MatrixCase } from './matrix-case.ts';
import { MatrixTable } from './matrix-table.ts';
import { performCase } from './perform-case.ts';

const table = new MatrixTable('matrix');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matrix-'));
  await loadClips(Object.values(shortCases).flat());
}, LOAD_CLIPS_WITHIN_MS);
afterAll(async () => {
  await table.write();
  await rm(folder, { recursive: true });
});

async function run(row: MatrixCase): Promise<void> {
  await expectAsPlanned(row, await performCase({ livekit: inject('livekit'), folder }, row), table);
}

describe.concurrent('each codec', () => {
  for (const row of shortCases.codecs) test(row.name, () => run(row));
});
describe.concurrent('each shape', () => {
  for (const row of shortCases.shapes) test(row.name, () => run(row));
});
describe.concurrent('each event', () => {
  for (const row of shortCases.events) test(row.name, () => run(row));
});
