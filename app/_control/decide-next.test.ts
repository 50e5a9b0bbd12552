import { describe, expect, test } from 'vitest';
import type { AttemptRow } from '../../db/schema.ts';
import type { FinishedMedia } from '../../recorder/contract/media.ts';
import type { Outcome } from '../../recorder/contract/report.ts';
import { decideNext, type EndedAttempt } from './decide-next.ts';
import { attemptOf, failureOf } from './testing/attempt-of.ts';
import { MAX_ATTEMPTS, MAX_JOIN_RETRIES, OUTAGE_PATIENCE_MS } from './timing.ts';

const media: FinishedMedia[] = [
  { medium: 'camera', key: 'k', contentType: 'video/webm', sizeBytes: 1, sha256: 'a'.repeat(64), durationMs: 1 },
];
const finished: Outcome = { kind: 'finished', stopReason: 'participant-left', media };
const absent: Outcome = { kind: 'absent', message: 'Never published.' };
const stored = { camera: { fromMicros: 0, toMicros: 1 } };
const good = (outcome: Outcome = failureOf(), change: Partial<AttemptRow> = {}) =>
  attemptOf({ stored, outcome, ...change });
const fruitless = (outcome: Outcome = failureOf()) => attemptOf({ outcome });
const joining = (outcome: Outcome) => attemptOf({ kind: 'finalise', outcome });

/** The last of the attempts is the one that ended now. */
function next(
  attempts: AttemptRow[],
  change: Partial<EndedAttempt['recording']> = {},
  rest: Partial<EndedAttempt> = {},
) {
  const attempt = attempts.at(-1);
  if (!attempt?.outcome) throw new Error('The last attempt has no outcome');
  const recording = {
    status: 'recording' as const,
    command: 'continue' as const,
    stopReason: null,
    error: null,
    requestedAt: new Date(0),
    ...change,
  };
  return decideNext({
    recording,
    attempts,
    attempt,
    outcome: attempt.outcome,
    participant: 'unknown',
    now: new Date(0),
    ...rest,
  });
}

describe('an attempt that finished', () => {
  test('makes the recording ready when it is the only one with media', () => {
    expect(next([fruitless(), good(finished)])).toEqual({
      kind: 'ready',
      media,
      stopReason: 'participant-left',
      error: null,
    });
  });

  test('is joined with what others stored, or are still storing', () => {
    const join = { kind: 'join', stopReason: 'participant-left', error: null };
    expect(next([good(), good(finished)])).toEqual(join);
    expect(next([attemptOf({ segmentsPending: 1, outcome: failureOf() }), good(finished)])).toEqual(join);
  });

  test('but whose file was not what it said is joined again, as it was meant to end', () => {
    const attempt = good(failureOf({ reason: 'storage.incomplete', retryable: false }));
    expect(next([attempt], {}, { said: finished })).toEqual({
      kind: 'join',
      stopReason: 'participant-left',
      error: null,
    });
  });
});

describe('a failure that may pass', () => {
  test('after media were stored is tried again at once', () => {
    expect(next([good()])).toEqual({ kind: 'again', delayMs: 0 });
    expect(next([attemptOf({ segmentsPending: 1, outcome: failureOf() })])).toEqual({ kind: 'again', delayMs: 0 });
  });

  test('with nothing stored is tried three times in a row, later each time; media begin the count anew', () => {
    expect(next([fruitless()])).toEqual({ kind: 'again', delayMs: 1000 });
    expect(next([fruitless(), fruitless()])).toEqual({ kind: 'again', delayMs: 2000 });
    expect(next([fruitless(), fruitless(), fruitless()])).toMatchObject({ kind: 'over', status: 'failed' });
    expect(next([fruitless(), fruitless(), good(), fruitless()])).toEqual({ kind: 'again', delayMs: 1000 });
    expect(next([good(), fruitless(), fruitless(), fruitless()])).toMatchObject({
      kind: 'join',
      error: { reason: 'x.y' },
    });
  });

  test('of LiveKit is waited out for longer', () => {
    const out = Array.from({ length: 5 }, () => fruitless(failureOf({ fault: 'livekit' })));
    expect(next([good(), ...out])).toEqual({ kind: 'again', delayMs: 10_000 });
    expect(next([good(), ...out], {}, { now: new Date(OUTAGE_PATIENCE_MS) })).toMatchObject({ kind: 'join' });
  });

  test('of a worker that was told to go before it began does not count', () => {
    const gone = () => fruitless(failureOf({ reason: 'worker.shutdown' }));
    expect(next([gone(), gone(), gone(), gone()])).toEqual({ kind: 'again', delayMs: 0 });
  });

  test('is not tried for ever, however fruitful', () => {
    expect(next(Array.from({ length: MAX_ATTEMPTS }, () => good()))).toMatchObject({ kind: 'join' });
  });

  test('is not tried again after Stop: what there is, is joined, as it was wished', () => {
    expect(next([good()], { command: 'stop' })).toEqual({ kind: 'join', stopReason: 'requested', error: null });
    expect(next([fruitless()], { command: 'stop' })).toMatchObject({ kind: 'over', status: 'failed' });
  });

  test('after capturing had ended is joined and nothing is missing', () => {
    expect(next([good()], { status: 'finalising' })).toMatchObject({ kind: 'join', error: null });
  });

  test('is not tried again when the participant is gone for good', () => {
    expect(next([good()], {}, { participant: 'gone' })).toMatchObject({
      kind: 'join',
      error: { message: 'It failed.' },
    });
  });
});

test('a failure for good ends the recording with what there is, and says why', () => {
  const forGood = failureOf({ reason: 'spool.full', retryable: false });
  const error = { reason: 'spool.full', message: 'It failed.' };
  expect(next([good(forGood)])).toEqual({ kind: 'join', stopReason: null, error });
  expect(next([fruitless(forGood)])).toEqual({ kind: 'over', status: 'failed', stopReason: null, error });
});

describe('a participant that gave no media', () => {
  test('makes the recording absent', () => {
    expect(next([fruitless(absent)])).toMatchObject({
      kind: 'over',
      status: 'absent',
      error: { message: 'Never published.' },
    });
  });

  test('after an attempt that recorded it ends the recording, ready but cut short', () => {
    expect(next([good(), fruitless(absent)])).toEqual({
      kind: 'join',
      stopReason: 'participant-left',
      error: { reason: 'participant.not-back', message: expect.stringMatching(/^It failed\. .*was not\.$/) },
    });
  });

  test('but is there is waited for, as before its recorder was replaced', () => {
    expect(next([good(), fruitless(absent)], {}, { participant: 'there' })).toEqual({ kind: 'again', delayMs: 0 });
    expect(next([fruitless(absent)], {}, { participant: 'there' })).toMatchObject({ kind: 'over', status: 'absent' });
  });
});

describe('joining', () => {
  const error = { reason: 'participant.not-back', message: 'Cut short.' };

  test('that worked makes the recording ready, and keeps why it is cut short', () => {
    const before = { status: 'finalising' as const, stopReason: 'requested' as const, error };
    expect(next([good(), joining(finished)], before)).toEqual({ kind: 'ready', media, stopReason: 'requested', error });
  });

  test('that failed is tried again, a few times, then the parts are what there is', () => {
    const tries = (count: number) => Array.from({ length: count }, () => joining(failureOf()));
    expect(next([good(), ...tries(MAX_JOIN_RETRIES)], { error })).toEqual({ kind: 'join', stopReason: null, error });
    expect(next([good(), ...tries(MAX_JOIN_RETRIES + 1)])).toMatchObject({
      kind: 'over',
      status: 'failed',
      error: { message: expect.stringMatching(/could not be joined .* It failed\. Its parts can be played\.$/) },
    });
  });

  test('that finds no room on the disk is tried until somebody makes room', () => {
    const full = joining(failureOf({ reason: 'spool.full' }));
    const tries = Array.from({ length: MAX_JOIN_RETRIES + 5 }, () => full);
    expect(next([good(), ...tries])).toMatchObject({ kind: 'join' });
    const others = Array.from({ length: MAX_JOIN_RETRIES + 1 }, () => joining(failureOf()));
    expect(next([good(), ...tries, ...others])).toMatchObject({ kind: 'over', status: 'failed' });
  });

  test('that fails for good is not tried again', () => {
    expect(next([good(), joining(failureOf({ retryable: false }))])).toMatchObject({ kind: 'over', status: 'failed' });
  });
});
