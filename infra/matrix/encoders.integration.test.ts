/** The matrix, with publishers that people use. One after the other: encoders want the machine for themselves. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { shortEncoderCases } from './encoder-cases.ts';
import { expectEveryPicture } from './expect-every-picture.ts';
import { MatrixTable } from './matrix-table.ts';

const table = new MatrixTable('encoders');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'encoders-'));
});
afterAll(async () => {
  await table.write();
  await rm(folder, { recursive: true });
});

describe('every picture is recorded of', () => {
  for (const row of shortEncoderCases) {
    test(row.name, (context) => expectEveryPicture(context, { livekit: inject('livekit'), folder }, row, table));
  }
});
