/** The rows of the matrix that take long: `npm run test:long`, with their table in test-results/matrix-long.md. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { longEncoderCases } from './encoder-cases.ts';
import { expectAsPlanned } from './expect-as-planned.ts';
import { expectEveryPicture } from './expect-every-picture.ts';
import { LOAD_CLIPS_WITHIN_MS, loadClips } from './load-clips.ts';
import { longCases } from './long-cases.ts';
import { MatrixTable } from './matrix-table.ts';
import { performCase } from './perform-case.ts';

const table = new MatrixTable('matrix-long');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matrix-long-'));
  await loadClips(longCases);
}, LOAD_CLIPS_WITHIN_MS);
afterAll(async () => {
  await table.write();
  await rm(folder, { recursive: true });
});

describe.concurrent('as planned', () => {
  for (const row of longCases) {
    test(row.name, async () => {
      await expectAsPlanned(row, await performCase({ livekit: inject('livekit'), folder }, row), table);
    });
  }
});

describe('every picture is recorded of', () => {
  for (const row of longEncoderCases) {
    test(row.name, (context) => expectEveryPicture(context, { livekit: inject('livekit'), folder }, row, table));
  }
});
