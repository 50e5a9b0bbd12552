import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderStore } from '../storage/folder-store.ts';
import type { Outcome } from './contract/report.ts';
import type { JournalFacts } from './journal/journal-log.ts';
import { RecordingJournal, type SpooledSegment } from './journal/recording-journal.ts';
import { RecoveredAttempt } from './recovered-attempt.ts';
import { finished } from './report/testing/scripted-recording.ts';

const log = pino({ level: 'silent' });
let folder: string;
let spoolDir: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recovered-attempt-test-'));
  spoolDir = join(folder, 'spool');
  store = await FolderStore.open(join(folder, 'store'));
});
const recovered: RecoveredAttempt[] = [];
afterEach(async () => {
  for (const attempt of recovered.splice(0)) await attempt.release();
  await rm(folder, { recursive: true });
});

const facts: JournalFacts = {
  startedAtUnixMs: 1_790_000_000_000,
  zero: { monotonicMicros: 5_000_000, epoch: 'boot 1' },
  publisherZeroMicros: 1_790_000_000_000_000,
  participantSid: 'PA_one',
  tracks: [],
  gaps: [],
};

/** The spool of an attempt that was killed after three segments, of which the first is stored. */
async function killed(
  { reportToken, outcome }: { reportToken?: string; outcome?: Outcome } = { reportToken: 'token' },
) {
  const attemptId = randomUUID();
  const owner = { recordingId: randomUUID(), attemptId, epoch: 3, objectPrefix: 'recordings/a/', reportToken };
  const journal = await RecordingJournal.open({ spoolDir, owner });
  const spooled: SpooledSegment[] = [];
  for (const sequence of [1, 2, 3]) {
    const times = { startMicros: (sequence - 1) * 2_000_000, endMicros: sequence * 2_000_000 };
    const bytes = new Uint8Array(100).fill(sequence);
    const segment = { medium: 'camera', sequence, part: 1, container: 'webm', bytes, headerBytes: 10 } as const;
    if (sequence === 3) journal.noteFacts(facts);
    spooled.push(await journal.append({ ...segment, ...times, hasVideo: true }));
    if (sequence === 1) journal.markStored(spooled[0] as SpooledSegment);
  }
  if (outcome) await journal.conclude(outcome);
  await journal.close();
  return { attemptId, spooled };
}

async function recover(attemptId: string, nowMicros = 12_000_000, epoch = 'boot 1'): Promise<RecoveredAttempt> {
  const clock = { monotonicMicros: () => nowMicros, unixMs: () => 0, epoch };
  const attempt = await RecoveredAttempt.open({
    spoolDir,
    attemptId,
    store,
    howItDied: 'killed by SIGKILL',
    log,
    clock,
  });
  if (!attempt) throw new Error('nothing to recover');
  recovered.push(attempt);
  return attempt;
}

const sequences = (attempt: RecoveredAttempt) => attempt.snapshot().segments.map(({ sequence }) => sequence);

test('says at once that it was killed and how, and what is still to be stored', async () => {
  const { attemptId } = await killed();
  const attempt = await recover(attemptId);
  expect(attempt).toMatchObject({ attemptId, epoch: 3, reportToken: 'token' });
  expect(attempt.snapshot()).toMatchObject({
    state: 'ended',
    startedAtUnixMs: facts.startedAtUnixMs,
    publisherZeroMicros: facts.publisherZeroMicros,
    participantSid: 'PA_one',
    captureAgeMs: 7000,
    stats: { durationMs: 6000, sizeBytes: 300, segmentsPending: 2 },
    outcome: {
      kind: 'failed',
      reason: 'recorder.killed',
      message: expect.stringContaining('killed by SIGKILL'),
      retryable: true,
    },
  });
  expect(sequences(attempt)).toEqual([1]);
});

test('stores what was not stored, in order, and leaves nothing behind when it is let go of', async () => {
  const { attemptId, spooled } = await killed();
  const attempt = await recover(attemptId);
  await attempt.run();
  expect(sequences(attempt)).toEqual([1, 2, 3]);
  expect(attempt.snapshot().stats.segmentsPending).toBe(0);
  for (const { key, sizeBytes } of spooled.slice(1)) expect(await store.head(key)).toMatchObject({ sizeBytes });
  expect(await readdir(spoolDir)).toEqual([attemptId]);
  await attempt.release();
  expect(await readdir(spoolDir)).toEqual([]);
});

test('an altered segment is left out, and the one behind it is stored', async () => {
  const { attemptId, spooled } = await killed();
  await writeFile(spooled[1]?.path ?? '', new Uint8Array(100));
  const attempt = await recover(attemptId);
  await attempt.run();
  expect(sequences(attempt)).toEqual([1, 3]);
});

test('killed again before it is told, it is there again', async () => {
  const { attemptId } = await killed();
  await (await recover(attemptId)).run();
  const again = await recover(attemptId);
  await again.run();
  expect(sequences(again)).toEqual([1, 2, 3]);
});

test('discarded, it stores nothing', async () => {
  const { attemptId, spooled } = await killed();
  const attempt = await recover(attemptId);
  attempt.obey('discard');
  await attempt.run();
  expect(attempt.snapshot().stats.segmentsPending).toBe(0);
  expect(await store.head(spooled[1]?.key ?? '')).toBeUndefined();
  await attempt.release();
  expect(await readdir(spoolDir)).toEqual([]);
});

test('one that had ended, and was not heard, tells its own outcome', async () => {
  const { attemptId } = await killed({ reportToken: 'token', outcome: finished });
  expect((await recover(attemptId)).snapshot().outcome).toEqual(finished);
});

test('after the machine was started anew its age is not known', async () => {
  const { attemptId } = await killed();
  expect((await recover(attemptId, 1_000_000, 'boot 2')).snapshot().captureAgeMs).toBeUndefined();
});

test('what nobody can be told of is removed: no token, or no readable beginning', async () => {
  const { attemptId } = await killed({});
  const torn = await killed();
  await writeFile(join(spoolDir, torn.attemptId, 'journal.log'), 'torn');
  for (const id of [attemptId, torn.attemptId]) {
    expect(await RecoveredAttempt.open({ spoolDir, attemptId: id, store, log })).toBeUndefined();
  }
  expect(await readdir(spoolDir)).toEqual([]);
});
