import { describe, expect, test } from 'vitest';
import type { AttemptRow } from '../../db/schema.ts';
import { mergeAttempts, placeAttempts } from './merge-attempts.ts';
import { attemptOf, gapOf, statsOf, trackOf } from './testing/attempt-of.ts';

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000);
const camera = (fromS: number, toS: number) => ({ camera: { fromMicros: fromS * 1e6, toMicros: toS * 1e6 } });

/** Began at this second on the database's clock and stored media until `toS` of its own. */
function recorded(startS: number, toS: number, change: Partial<AttemptRow> = {}): AttemptRow {
  const stats = statsOf({ durationMs: toS * 1000, sizeBytes: toS * 100, packetsLost: 1 });
  return attemptOf({ startedAt: at(startS), stored: camera(0, toS), tracks: [trackOf()], stats, ...change });
}

const offsets = (...attempts: AttemptRow[]) => placeAttempts(attempts).map(({ offsetMicros }) => offsetMicros / 1e6);
const gaps = (...attempts: AttemptRow[]) =>
  mergeAttempts(attempts).gaps.map(({ reason, fromMicros, toMicros }) => [reason, fromMicros / 1e6, toMicros / 1e6]);

describe('offsets', () => {
  test('the first attempt with media is the clock; one that stored nothing is none', () => {
    expect(offsets(attemptOf({ startedAt: at(0) }), recorded(5, 10), recorded(20, 3))).toEqual([0, 15]);
  });

  test("the database's clock places an attempt when nothing better is known", () => {
    expect(offsets(recorded(0, 10), recorded(13.5, 5))).toEqual([0, 13.5]);
  });

  test("the publisher's clock places it exactly, within the same session and in agreement with the database's", () => {
    const zero = { publisherZeroMicros: 1_000_000_000, participantSid: 'PA_1' };
    const exact = { publisherZeroMicros: 1_013_400_000, participantSid: 'PA_1' };
    expect(offsets(recorded(0, 10, zero), recorded(13.5, 5, exact))).toEqual([0, 13.4]);
    expect(offsets(recorded(0, 10, zero), recorded(13.5, 5, { ...exact, participantSid: 'PA_2' }))).toEqual([0, 13.5]);
    expect(offsets(recorded(0, 10, zero), recorded(13.5, 5, { ...exact, participantSid: null }))).toEqual([0, 13.5]);
    // Its clock was set by an hour in between.
    const jumped = { publisherZeroMicros: 1_013_400_000 + 3_600e6, participantSid: 'PA_1' };
    expect(offsets(recorded(0, 10, zero), recorded(13.5, 5, jumped))).toEqual([0, 13.5]);
  });

  test('a session that two later attempts share is followed from the earlier one of them', () => {
    const second = { publisherZeroMicros: 50_000_000, participantSid: 'PA_2' };
    const third = { publisherZeroMicros: 69_900_000, participantSid: 'PA_2' };
    const first = { publisherZeroMicros: 7, participantSid: 'PA_1' };
    expect(offsets(recorded(0, 10, first), recorded(20, 5, second), recorded(40, 5, third))).toEqual([0, 20, 39.9]);
  });

  test('time that a pause left out is not on the clock of the recording, once for all its tracks', () => {
    const cut = { reason: 'paused', cutMicros: 6_000_000 } as const;
    const first = recorded(0, 10, { gaps: [gapOf(4, 4, cut), gapOf(4, 4, { ...cut, kind: 'audio' })] });
    expect(offsets(first, recorded(20, 5), recorded(30, 5))).toEqual([0, 14, 24]);
  });

  test('one that never said when it began follows the one before', () => {
    expect(offsets(recorded(0, 10), recorded(0, 5, { startedAt: null }))).toEqual([0, 10]);
  });

  test('a later one is never placed before an earlier one', () => {
    expect(offsets(recorded(10, 10), recorded(4, 5))).toEqual([0, 0]);
  });
});

describe('figures', () => {
  test('are sums over all, and the duration goes to the end of the last', () => {
    const merged = mergeAttempts([recorded(0, 10), recorded(13, 5)]);
    expect(merged).toMatchObject({ startedAt: at(0), durationMs: 18_000, sizeBytes: 1500 });
    expect(merged.tracks).toMatchObject([{ frames: 2, keyframes: 2 }]);
    expect(merged.stats).toMatchObject({ durationMs: 18_000, sizeBytes: 1500, packetsLost: 2 });
  });

  test('of a running attempt count what it captured, of an ended one what it stored', () => {
    const stats = statsOf({ durationMs: 7900 });
    expect(mergeAttempts([recorded(0, 6, { state: 'recording', stats })]).durationMs).toBe(7900);
    expect(mergeAttempts([recorded(0, 6, { state: 'ended', stats })]).durationMs).toBe(6000);
  });

  test('while the next attempt waits for a recorder there are no live ones', () => {
    const queued = attemptOf({ state: 'queued', claimedAt: null });
    expect(mergeAttempts([recorded(0, 10), queued]).stats).toBeNull();
  });

  test('of an attempt that only joins are none of the recording', () => {
    const joining = attemptOf({ kind: 'finalise', state: 'finalising', stats: statsOf({ durationMs: 1 }) });
    expect(mergeAttempts([recorded(0, 10), joining])).toMatchObject({ durationMs: 10_000, stats: { sizeBytes: 1000 } });
  });
});

describe('gaps', () => {
  test('of each attempt move with it, and nobody recorded in between', () => {
    const first = recorded(0, 10, { gaps: [gapOf(2, 3)] });
    const second = recorded(13, 5, { gaps: [gapOf(1, 2)] });
    expect(gaps(first, second)).toEqual([
      ['muted', 2, 3],
      ['recorder-away', 10, 13],
      ['muted', 14, 15],
    ]);
  });

  test('begin where what is stored ends, not where capturing did', () => {
    const killed = recorded(0, 8, { stats: statsOf({ durationMs: 9_700 }) });
    expect(gaps(killed, recorded(13, 5))).toEqual([['recorder-away', 8, 13]]);
  });

  test('last until the first keyframe, which may come after the first sound', () => {
    const resolutions = [{ fromMicros: 1_500_000, width: 640, height: 360 }];
    const again = recorded(13, 5, { tracks: [trackOf({ resolutions })] });
    expect(gaps(recorded(0, 10), again)).toEqual([['recorder-away', 10, 14.5]]);
  });

  test('that were open when the recorder went end where its media end', () => {
    expect(gaps(recorded(0, 10, { gaps: [gapOf(7, 7)] }), recorded(13, 5))).toEqual([
      ['muted', 7, 10],
      ['recorder-away', 10, 13],
    ]);
  });

  test('that are still open stay open while the recorder runs', () => {
    expect(gaps(recorded(0, 10, { state: 'recording', gaps: [gapOf(7, 7)] }))).toEqual([['muted', 7, 7]]);
  });

  test('are per track: what only one attempt had was not interrupted', () => {
    const both = { tracks: [trackOf(), trackOf({ source: 'microphone', kind: 'audio', codec: 'opus' })] };
    const merged = mergeAttempts([recorded(0, 10, both), recorded(13, 5)]);
    expect(merged.gaps.map(({ kind }) => kind)).toEqual(['video']);
    const skipped = mergeAttempts([recorded(0, 10, both), recorded(13, 5), recorded(20, 5, both)]);
    expect(skipped.gaps.map(({ kind, fromMicros, toMicros }) => [kind, fromMicros / 1e6, toMicros / 1e6])).toEqual([
      ['video', 10, 13],
      ['audio', 10, 20],
      ['video', 18, 20],
    ]);
  });

  test('of an attempt that went on after the next one began are cut off there, and none lies between', () => {
    const zombie = recorded(0, 16, { gaps: [gapOf(12, 15), gapOf(14, 15)] });
    expect(gaps(zombie, recorded(13, 5))).toEqual([['muted', 12, 13]]);
  });
});
