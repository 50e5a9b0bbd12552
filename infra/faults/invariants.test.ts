import { expect, test } from 'vitest';
import type { AttemptState, Change, RecordingState } from './change-log.ts';
import { type History, violations } from './invariants.ts';

const id = 'recording-1';
let next = 0;

function recordingChange(row: Partial<RecordingState>, operation: Change<unknown>['operation'] = 'UPDATE') {
  next += 1;
  const whole = {
    id,
    room: 'r',
    identity: 'i',
    status: 'recording',
    epoch: 1,
    error: null,
    command: 'continue',
    stop_reason: null,
    ...row,
  };
  return { id: next, atMs: next, transaction: String(next), operation, row: whole };
}

function attemptChange(row: Partial<AttemptState>, transaction?: string): Change<AttemptState> {
  next += 1;
  const whole = {
    id: 'attempt-1',
    recording_id: id,
    kind: 'record',
    epoch: 1,
    state: 'recording',
    outcome: null,
    ...row,
  };
  return { id: next, atMs: next, transaction: transaction ?? String(next), operation: 'UPDATE', row: whole };
}

const second = { id: 'attempt-2', epoch: 2 };
const lost = { kind: 'failed', reason: 'control.recorder-lost' };
const finished = { kind: 'finished' };

/** One recorder was lost, a second one went on. */
function history(changes: Partial<History> = {}): History {
  return {
    recordings: [
      recordingChange({ status: 'requested' }, 'INSERT'),
      recordingChange({ status: 'recording' }),
      recordingChange({ status: 'requested', epoch: 2 }),
      recordingChange({ status: 'recording', epoch: 2 }),
      recordingChange({ status: 'finalising', epoch: 2 }),
      recordingChange({ status: 'ready', epoch: 2 }),
    ],
    attempts: [
      attemptChange({ state: 'queued' }),
      attemptChange({ state: 'recording' }),
      attemptChange({ state: 'ended', outcome: lost }, 'handover'),
      attemptChange({ ...second, state: 'queued' }, 'handover'),
      attemptChange({ ...second, state: 'ended', outcome: finished }),
    ],
    acknowledged: [id],
    gaps: new Map([[id, [gap('video', 8, 20), gap('audio', 8, 20)]]]),
    files: [
      {
        recordingId: id,
        key: 'recordings/recording-1/attempt-2/camera.webm',
        promisedBytes: 10,
        promisedSha256: 'aa',
        bytes: 10,
        sha256: 'aa',
        complaints: '',
        loss: { video: compared(8, 20), audio: compared(8, 20) },
      },
    ],
    objects: ['recordings/recording-1/attempt-2/camera.webm'],
    knownObjects: new Set(['recordings/recording-1/attempt-2/camera.webm']),
    leftovers: [],
    ...changes,
  };
}

function gap(kind: 'video' | 'audio', fromS: number, toS: number) {
  return { kind, fromMs: fromS * 1000, toMs: toS * 1000, reason: 'recorder-away' };
}

function compared(holeFromS: number, holeToS: number, unexpected = 0) {
  const hole = { fromMs: holeFromS * 1000 + 5, toMs: holeToS * 1000 + 5, frames: 100 };
  const holes = [{ ...hole, fileFromMs: holeFromS * 1000, fileToMs: holeToS * 1000 }];
  return { firstMs: 5, lastMs: 30_000, found: 500, holes, unexpected };
}

test('a history in which everything is as promised has no violation', () => {
  expect(violations(history())).toEqual([]);
});

test('without fencing: an ended attempt that goes on is found', () => {
  const { attempts } = history();
  expect(violations(history({ attempts: [...attempts, attemptChange({ state: 'recording' })] }))).toEqual([
    expect.stringContaining('went on (recording) after it had ended'),
    expect.stringContaining('was given another outcome'),
  ]);
});

test('without fencing: a second outcome of an attempt that was given up is found', () => {
  const { attempts } = history();
  const zombie = attemptChange({ state: 'ended', outcome: finished });
  expect(violations(history({ attempts: [...attempts, zombie] }))).toEqual([
    expect.stringContaining('another outcome after its first'),
  ]);
});

test('without fencing: a final recording that moves, and an epoch that goes back, are found', () => {
  const { recordings } = history();
  const zombie = recordingChange({ status: 'recording', epoch: 1 });
  expect(violations(history({ recordings: [...recordings, zombie] }))).toEqual([
    expect.stringContaining('epoch of recording recording-1 went back'),
    expect.stringContaining('from ready to recording'),
    expect.stringContaining('still recording when its time is over'),
  ]);
});

test('without one lease a recording: two attempts at once are found, also when one transaction was first to write', () => {
  const { attempts } = history();
  const early = [attemptChange({ state: 'recording' }), attemptChange({ ...second, state: 'recording' }), ...attempts];
  expect(violations(history({ attempts: early }))).toEqual(
    expect.arrayContaining([expect.stringContaining('had 2 attempts at once')]),
  );
});

test('without dedupe: a doubled attempt is found', () => {
  const { attempts } = history();
  const doubled = attemptChange({ ...second, id: 'attempt-3', state: 'ended', outcome: finished });
  expect(violations(history({ attempts: [...attempts, doubled] }))).toEqual([
    expect.stringContaining('the attempts 1, 2, 2'),
  ]);
});

test('without dedupe: frames that are in the file twice are found', () => {
  const [file] = history().files;
  if (!file) throw new Error('no file');
  const withDoubled = (frames: number) => [
    { ...file, loss: { video: compared(8, 20, frames), audio: compared(8, 20) } },
  ];
  expect(violations(history({ files: withDoubled(60) }))).toEqual([expect.stringContaining('60 frames (video)')]);
  expect(violations(history({ files: withDoubled(5) }))).toEqual([]);
});

test('where nothing was joined not one frame may be there twice', () => {
  const [file] = history().files;
  if (!file) throw new Error('no file');
  const attempts = [attemptChange({ state: 'recording' }), attemptChange({ state: 'ended', outcome: finished })];
  const loss = { video: compared(8, 20, 1), audio: compared(8, 20) };
  expect(violations(history({ attempts, files: [{ ...file, loss }] }))).toEqual([
    expect.stringContaining('1 frames (video)'),
  ]);
});

test('a recording that never ends is found', () => {
  const { recordings } = history();
  expect(violations(history({ recordings: recordings.slice(0, 4) }))).toEqual([
    expect.stringContaining('still recording'),
  ]);
});

test.each([
  ['that is not there', { bytes: undefined }, 'is not in the store'],
  ['of another size', { bytes: 9 }, 'has 9 bytes, not 10'],
  ['of other bytes', { sha256: 'bb' }, 'another hash'],
  ['that does not decode', { complaints: 'Invalid data' }, 'does not decode: Invalid data'],
])('a ready recording with an object %s is found', (_, change, sentence) => {
  const [file] = history().files;
  if (!file) throw new Error('no file');
  expect(violations(history({ files: [{ ...file, ...change }] }))).toEqual([expect.stringContaining(sentence)]);
});

test('a ready recording without a file is found', () => {
  expect(violations(history({ files: [] }))).toEqual([expect.stringContaining('has no file')]);
});

test('a hole that no gap lists is found, and so is one that is longer than its gap', () => {
  expect(violations(history({ gaps: new Map() }))).toHaveLength(2);
  const short = new Map([[id, [gap('video', 8, 14), gap('audio', 8, 20)]]]);
  expect(violations(history({ gaps: short }))).toEqual([
    expect.stringContaining('video of recording-1 lacks 8.0–20.0 s'),
  ]);
});

test('a hole that several gaps list together is listed', () => {
  const parts = [gap('video', 8, 14), gap('video', 14, 20), gap('audio', 8, 20)];
  expect(violations(history({ gaps: new Map([[id, parts]]) }))).toEqual([]);
});

test('an acknowledged start without a recording, and a failure without a reason, are found', () => {
  expect(violations(history({ acknowledged: ['another'] }))).toEqual([expect.stringContaining('no such recording')]);
  const recordings = [...history().recordings.slice(0, 2), recordingChange({ status: 'failed', error: null })];
  expect(violations(history({ recordings, files: [] }))).toEqual([expect.stringContaining('says no reason')]);
});

test('orphans are found', () => {
  const orphan = 'recordings/nobody/attempt/camera.webm';
  expect(violations(history({ objects: [orphan], leftovers: ['A process outlived its product: x.'] }))).toEqual([
    expect.stringContaining(orphan),
    'A process outlived its product: x.',
  ]);
});
