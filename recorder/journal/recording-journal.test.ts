import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeDurably } from '../../storage/durable-file.ts';
import type { Medium } from '../contract/media.ts';
import type { Segment } from '../segment/segment.ts';
import { TaskError } from '../task-error.ts';
import { isIntact, RecordingJournal, type RecoveredJournal, type SpooledSegment } from './recording-journal.ts';
import { SpoolSpace } from './spool-space.ts';

const hugeDisk = async () => ({ totalBytes: 1e12, freeBytes: 1e12 });
let spoolDir: string;

beforeEach(async () => {
  spoolDir = await mkdtemp(join(tmpdir(), 'journal-test-'));
});
afterEach(async () => {
  await rm(spoolDir, { recursive: true });
});

function newOwner() {
  const recordingId = randomUUID();
  const attemptId = randomUUID();
  return { recordingId, attemptId, epoch: 1, objectPrefix: `recordings/${recordingId}/${attemptId}/` };
}

function segmentOf(sequence: number, medium: Medium = 'camera', sizeBytes = 1000): Segment {
  return {
    medium,
    sequence,
    part: 1,
    container: 'webm',
    bytes: new Uint8Array(sizeBytes).fill(sequence),
    headerBytes: 100,
    startMicros: (sequence - 1) * 2_000_000,
    endMicros: sequence * 2_000_000,
    hasVideo: true,
  };
}

function openJournal(space = new SpoolSpace({ dir: spoolDir, diskSpace: hugeDisk }), owner = newOwner()) {
  return RecordingJournal.open({ spoolDir, owner, space });
}

async function recover(attemptId: string, space?: SpoolSpace): Promise<RecoveredJournal> {
  const recovered = await RecordingJournal.recover({
    spoolDir,
    attemptId,
    space: space ?? new SpoolSpace({ dir: spoolDir, diskSpace: hugeDisk }),
  });
  if (!recovered) throw new Error('nothing to recover');
  return recovered;
}

describe('append', () => {
  test('leaves the bytes on disk, with key, size and hash', async () => {
    const journal = await openJournal();
    const segment = segmentOf(1);
    const spooled = await journal.append(segment);

    const onDisk = await readFile(spooled.path);
    expect(onDisk.equals(segment.bytes)).toBe(true);
    expect(spooled).toMatchObject({
      key: `${journal.owner.objectPrefix}camera/000001.webm`,
      sizeBytes: 1000,
      sha256: createHash('sha256').update(onDisk).digest('hex'),
      headerBytes: 100,
    });
    expect(spooled).not.toHaveProperty('bytes');
    await journal.close();
  });

  test('counts each medium by itself and keeps the order of calls that do not wait for each other', async () => {
    const journal = await openJournal();
    const spooled = await Promise.all([
      journal.append(segmentOf(1, 'camera')),
      journal.append(segmentOf(1, 'screen')),
      journal.append(segmentOf(2, 'camera')),
      journal.append(segmentOf(2, 'screen')),
    ]);
    expect(spooled.map((segment) => segment.key.slice(journal.owner.objectPrefix.length))).toEqual([
      'camera/000001.webm',
      'screen/000001.webm',
      'camera/000002.webm',
      'screen/000002.webm',
    ]);
    await journal.close();
  });

  test('refuses a sequence with a hole', async () => {
    const journal = await openJournal();
    await journal.append(segmentOf(1));
    await expect(journal.append(segmentOf(3))).rejects.toThrow('Segment 3 of camera came where 2 was expected');
    await journal.close();
  });

  test('a full disk is spool.full, leaves no torn file, and the segment can be appended again', async () => {
    let isFull = true;
    const space = new SpoolSpace({ dir: spoolDir, diskSpace: hugeDisk });
    const journal = await RecordingJournal.open({
      spoolDir,
      owner: newOwner(),
      space,
      writeFile: async (path, bytes) => {
        if (!isFull) return writeDurably(path, bytes);
        await writeFile(path, bytes.subarray(0, 10));
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      },
    });
    const failure = await journal.append(segmentOf(1)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TaskError);
    expect(failure).toMatchObject({ reason: 'spool.full', fault: 'system' });
    expect(await readdir(journal.folder)).toEqual(['journal.log']);
    expect(space.usedBytes).toBe(0);

    isFull = false;
    await journal.append(segmentOf(1));
    expect(space.usedBytes).toBe(1000);
    await journal.close();
  });

  test('a folder of that attempt that is already there is refused', async () => {
    const owner = newOwner();
    const journal = await openJournal(undefined, owner);
    await expect(openJournal(undefined, owner)).rejects.toMatchObject({ reason: 'spool.failed' });
    await journal.close();
  });
});

describe('recover', () => {
  async function crashedWith(
    count: number,
    storedCount = 0,
  ): Promise<{ journal: RecordingJournal; spooled: SpooledSegment[] }> {
    const journal = await openJournal();
    const spooled: SpooledSegment[] = [];
    for (let sequence = 1; sequence <= count; sequence++) spooled.push(await journal.append(segmentOf(sequence)));
    for (const segment of spooled.slice(0, storedCount)) journal.markStored(segment);
    await journal.close();
    return { journal, spooled };
  }

  test('finds everything, what is stored and what is not, and goes on where it ended', async () => {
    const { journal, spooled } = await crashedWith(3, 2);
    const recovered = await recover(journal.owner.attemptId);
    expect(recovered.journal.owner).toEqual(journal.owner);
    expect(await recovered.journal.segments()).toEqual(spooled.map(({ path: _, ...segment }) => segment));
    expect(recovered.stored.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(recovered.unstored).toEqual(spooled.slice(2));
    expect(recovered).toMatchObject({ outcome: undefined, tornFiles: [], tornLogBytes: 0 });

    await recovered.journal.append(segmentOf(4));
    await recovered.journal.close();
    const again = await recover(journal.owner.attemptId);
    expect(await again.journal.segments()).toHaveLength(4);
    await again.journal.close();
  });

  test('the newest tracks and gaps noted are there', async () => {
    const journal = await openJournal();
    journal.noteFacts({ startedAtUnixMs: 1, tracks: [], gaps: [] });
    journal.noteFacts({ startedAtUnixMs: 2, tracks: [], gaps: [] });
    await journal.append(segmentOf(1));
    await journal.close();
    const recovered = await recover(journal.owner.attemptId);
    expect(recovered.facts?.startedAtUnixMs).toBe(2);
    await recovered.journal.close();
  });

  test('a torn last file, which has no line in the log, is not part of the recording', async () => {
    const { journal } = await crashedWith(2);
    await writeFile(join(journal.folder, 'camera-000003.webm'), 'half');
    await mkdir(join(journal.folder, 'finalising'));
    await writeFile(join(journal.folder, 'finalising', 'camera.webm'), 'half');
    const recovered = await recover(journal.owner.attemptId);
    expect(recovered.unstored).toHaveLength(2);
    expect(recovered.tornFiles.sort()).toEqual(['camera-000003.webm', 'finalising']);
    await recovered.journal.append(segmentOf(3));
    await recovered.journal.close();
  });

  test('wherever the log is cut, the segments before the cut are there and writing goes on', async () => {
    const { journal } = await crashedWith(3);
    const path = join(journal.folder, 'journal.log');
    const whole = await readFile(path);
    const lineEnds = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([offset]) => offset + 1);
    const firstLine = lineEnds[0] ?? 0;
    const files = await Promise.all(
      [1, 2, 3].map((sequence) => readFile(join(journal.folder, `camera-00000${sequence}.webm`))),
    );

    for (let cut = whole.length; cut >= firstLine; cut -= 13) {
      await writeFile(path, whole.subarray(0, cut));
      await Promise.all(
        files.map((bytes, index) => writeFile(join(journal.folder, `camera-00000${index + 1}.webm`), bytes)),
      );
      const wholeLines = lineEnds.filter((end) => end <= cut).length;
      const recovered = await recover(journal.owner.attemptId);
      expect(recovered.unstored).toHaveLength(wholeLines - 1);
      expect(recovered.tornLogBytes).toBe(cut - (lineEnds[wholeLines - 1] ?? 0));
      await recovered.journal.append(segmentOf(wholeLines));
      await recovered.journal.close();
      const again = await recover(journal.owner.attemptId);
      expect(again.unstored).toHaveLength(wholeLines);
      await again.journal.close();
    }
  });

  test('an altered log line hides what follows, and does not crash', async () => {
    const { journal } = await crashedWith(2);
    const path = join(journal.folder, 'journal.log');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"sequence":2', '"sequence":7'));
    const recovered = await recover(journal.owner.attemptId);
    expect(recovered.unstored.map((segment) => segment.sequence)).toEqual([1]);
    await recovered.journal.close();
  });

  test('how it ended is there, when only the telling was interrupted', async () => {
    const journal = await openJournal();
    await journal.append(segmentOf(1));
    const outcome = { kind: 'absent', message: 'Nobody came.' } as const;
    await journal.conclude(outcome);
    await journal.close();
    const recovered = await recover(journal.owner.attemptId);
    expect(recovered.outcome).toEqual(outcome);
    await recovered.journal.close();
  });

  test('an altered, shortened or missing file is told from an intact one', async () => {
    const { journal, spooled } = await crashedWith(4);
    const [, second, third, fourth] = spooled;
    if (!second || !third || !fourth) throw new Error('missing');
    await truncate(second.path, 999);
    await writeFile(third.path, new Uint8Array(1000));
    const recovered = await recover(journal.owner.attemptId);
    await unlink(fourth.path);
    expect(await Promise.all(recovered.unstored.map(isIntact))).toEqual([true, false, false, false]);
    await recovered.journal.close();
  });

  test('a stored segment whose file was freed is still part of the recording', async () => {
    const { journal, spooled } = await crashedWith(2, 1);
    await unlink(spooled[0]?.path ?? '');
    const recovered = await recover(journal.owner.attemptId);
    expect(await recovered.journal.segments()).toHaveLength(2);
    await recovered.journal.close();
  });

  test('a segment that was lost is no part of the recording, and is not found again', async () => {
    const { journal, spooled } = await crashedWith(3);
    const [, second] = spooled;
    if (!second) throw new Error('missing');
    const { journal: first } = await recover(journal.owner.attemptId);
    await first.markLost(second);
    expect((await first.segments()).map(({ sequence }) => sequence)).toEqual([1, 3]);
    await first.close();
    const again = await recover(journal.owner.attemptId);
    expect(again.unstored.map(({ sequence }) => sequence)).toEqual([1, 3]);
    await again.journal.close();
  });

  test('a folder without a readable first line is nothing', async () => {
    const { journal } = await crashedWith(0);
    await writeFile(join(journal.folder, 'journal.log'), '');
    await appendFile(join(journal.folder, 'journal.log'), 'deadbeef {}\n');
    expect(await RecordingJournal.recover({ spoolDir, attemptId: journal.owner.attemptId })).toBeUndefined();
    expect(await RecordingJournal.recover({ spoolDir, attemptId: randomUUID() })).toBeUndefined();
  });
});

describe('space', () => {
  const isThere = (segment: SpooledSegment) =>
    stat(segment.path).then(
      () => true,
      () => false,
    );

  test('when the spool is at its bound, stored segments are freed: the oldest of the recording that has most of them', async () => {
    const space = new SpoolSpace({ dir: spoolDir, limitBytes: 5000, diskSpace: hugeDisk });
    const one = await openJournal(space);
    const two = await openJournal(space);
    const a = [
      await one.append(segmentOf(1)),
      await one.append(segmentOf(1, 'screen')),
      await one.append(segmentOf(2)),
    ] as const;
    const b = [await two.append(segmentOf(1, 'camera', 500)), await two.append(segmentOf(2))] as const;
    for (const segment of a) one.markStored(segment);
    two.markStored(b[0]);

    await two.append(segmentOf(3, 'camera', 1500));
    expect(await Promise.all([...a, ...b].map(isThere))).toEqual([false, true, true, true, true]);
    await two.append(segmentOf(4, 'camera', 2000));
    expect(await Promise.all([...a, ...b].map(isThere))).toEqual([false, false, false, true, true]);
    expect(space.usedBytes).toBe(5000);

    await one.remove();
    await two.remove();
    expect(space.usedBytes).toBe(0);
  });

  test('one that was recovered gives its stored segments, also when some are gone and its container changed', async () => {
    const before = await openJournal();
    const spooled = [
      await before.append(segmentOf(1)),
      await before.append(segmentOf(2)),
      await before.append({ ...segmentOf(3), part: 2, container: 'mp4' }),
      await before.append({ ...segmentOf(4), part: 2, container: 'mp4' }),
    ];
    for (const segment of spooled.slice(0, 3)) before.markStored(segment);
    await before.close();
    await unlink(spooled[1]?.path ?? '');
    const space = new SpoolSpace({ dir: spoolDir, limitBytes: 3000, diskSpace: hugeDisk });
    const { journal } = await recover(before.owner.attemptId, space);
    expect(space.usedBytes).toBe(3000);
    await journal.append(segmentOf(5, 'camera', 2000));
    expect(await Promise.all(spooled.map(isThere))).toEqual([false, false, false, true]);
    expect(space.usedBytes).toBe(3000);
    await expect(journal.append(segmentOf(6))).rejects.toMatchObject({ reason: 'spool.full' });
    await journal.remove();
    expect(space.usedBytes).toBe(0);
  });

  test('stored segments that somebody else deleted are not counted for ever', async () => {
    const space = new SpoolSpace({ dir: spoolDir, limitBytes: 2000, diskSpace: hugeDisk });
    const journal = await openJournal(space);
    for (const sequence of [1, 2]) {
      const segment = await journal.append(segmentOf(sequence));
      journal.markStored(segment);
      await unlink(segment.path);
    }
    await journal.append(segmentOf(3, 'camera', 2000));
    expect(space.usedBytes).toBe(2000);
    await journal.remove();
    expect(space.usedBytes).toBe(0);
  });

  test('what is not in the store is never freed: the append is refused with spool.full', async () => {
    const space = new SpoolSpace({ dir: spoolDir, limitBytes: 2000, diskSpace: hugeDisk });
    const journal = await openJournal(space);
    const first = await journal.append(segmentOf(1));
    await journal.append(segmentOf(2));
    await expect(journal.append(segmentOf(3))).rejects.toMatchObject({ reason: 'spool.full' });
    expect((await stat(first.path)).size).toBe(1000);

    journal.markStored(first);
    await journal.append(segmentOf(3));
    await journal.close();
  });

  test('it is said well before the bound, and no more when the store has what is there', async () => {
    const space = new SpoolSpace({ dir: spoolDir, limitBytes: 8000, diskSpace: hugeDisk });
    const journal = await openJournal(space);
    const spooled: SpooledSegment[] = [];
    const warnings: boolean[] = [];
    for (let sequence = 1; sequence <= 7; sequence++) {
      spooled.push(await journal.append(segmentOf(sequence)));
      warnings.push(journal.warning !== undefined);
    }
    expect(warnings).toEqual([false, false, false, false, false, false, true]);
    expect(journal.warning).toMatch(/0\.0 MB more, recordings end/);
    for (const segment of spooled.slice(0, 2)) journal.markStored(segment);
    expect(journal.warning).toBeUndefined();
    await journal.remove();
    expect(space.usedBytes).toBe(0);
  });

  test('a disk that fills up is said before it is full', async () => {
    let freeBytes = 3_000_000_000;
    let nowMicros = 0;
    const clock = { monotonicMicros: () => nowMicros, unixMs: () => 0 };
    const space = new SpoolSpace({ dir: spoolDir, clock, diskSpace: async () => ({ totalBytes: 1e12, freeBytes }) });
    await space.claim(1000);
    expect(space.warning).toBeUndefined();
    freeBytes = 1_000_000_000;
    nowMicros = 2_000_000;
    await space.claim(1000);
    expect(space.warning).toMatch(/filling up/);
  });

  test('room is left on the disk for others', async () => {
    const disk = { totalBytes: 1e9, freeBytes: 20_002_500 };
    const space = new SpoolSpace({ dir: spoolDir, diskSpace: async () => ({ ...disk }) });
    const journal = await openJournal(space);
    await journal.append(segmentOf(1));
    await journal.append(segmentOf(2));
    await expect(journal.append(segmentOf(3))).rejects.toThrow(/has 20.0 MB free/);
    await journal.close();
  });
});

test('remove deletes the folder and nothing beside it', async () => {
  const journal = await openJournal();
  await journal.append(segmentOf(1));
  const other = await openJournal();
  await journal.remove();
  expect(await readdir(spoolDir)).toEqual([other.owner.attemptId]);
  await other.close();
});
