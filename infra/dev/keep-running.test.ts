import { expect, test } from 'vitest';
import type { ChildEnd } from './child-process.ts';
import { keepRunning, type Part } from './keep-running.ts';

interface FakePart extends Part {
  number: number;
  end(end: ChildEnd): void;
}

function fakeParts(failures: readonly number[] = []) {
  const started: FakePart[] = [];
  let calls = 0;
  const start = async (): Promise<FakePart> => {
    calls++;
    if (failures.includes(calls)) throw new Error('not yet');
    let end: (end: ChildEnd) => void = () => undefined;
    const ended = new Promise<ChildEnd>((resolve) => {
      end = resolve;
    });
    const part = { number: calls, ended, end, stop: async () => end({ code: 0, signal: null }) };
    started.push(part);
    return part;
  };
  return { started, start };
}

test('a part that ends is started again, also when that does not work at once', async () => {
  const { started, start } = fakeParts([2, 3]);
  const notices: string[] = [];
  const kept = await keepRunning({ name: 'It', start, onNotice: (text) => notices.push(text), firstDelayMs: 1 });
  started[0]?.end({ code: null, signal: 'SIGKILL' });
  await expect.poll(() => started.length).toBe(2);
  expect(kept.current.number).toBe(4);
  expect(notices).toEqual([
    'It ended (SIGKILL); starting it again.',
    'It did not start: not yet; starting it again in 0.001 s.',
    'It did not start: not yet; starting it again in 0.002 s.',
  ]);
  await kept.stop();
});

test('the first start again is at once and hears how it ended; the next one waits, as long as it does not run steadily', async () => {
  const { started, start } = fakeParts();
  const ends: (ChildEnd | undefined)[] = [];
  const notices: string[] = [];
  const options = { name: 'It', onNotice: (text: string) => notices.push(text), firstDelayMs: 1 };
  const startAndNote = (_: FakePart | undefined, end: ChildEnd | undefined) => {
    ends.push(end);
    return start();
  };
  const kept = await keepRunning({ ...options, start: startAndNote, steadyAfterMs: Number.POSITIVE_INFINITY });
  const killed = { code: null, signal: 'SIGKILL' } as const;
  for (const index of [0, 1]) {
    started[index]?.end(killed);
    await expect.poll(() => started.length).toBe(index + 2);
  }
  expect(ends).toEqual([undefined, killed, killed]);
  expect(notices).toEqual([
    'It ended (SIGKILL); starting it again.',
    'It ended (SIGKILL); starting it again in 0.001 s.',
  ]);
  await kept.stop();
});

test('what ran steadily is started again at once, however often it ends', async () => {
  const { started, start } = fakeParts();
  const notices: string[] = [];
  const kept = await keepRunning({ name: 'It', start, onNotice: (text) => notices.push(text), steadyAfterMs: 0 });
  for (const index of [0, 1, 2]) {
    started[index]?.end({ code: null, signal: 'SIGKILL' });
    await expect.poll(() => started.length).toBe(index + 2);
  }
  expect(new Set(notices)).toEqual(new Set(['It ended (SIGKILL); starting it again.']));
  await kept.stop();
});

test('a part that was stopped stays stopped, also while it waits to be started again', async () => {
  const { started, start } = fakeParts([2]);
  const notices: string[] = [];
  const kept = await keepRunning({ name: 'It', start, onNotice: (text) => notices.push(text), firstDelayMs: 60_000 });
  started[0]?.end({ code: 1, signal: null });
  await expect.poll(() => notices.at(-1)).toBe('It did not start: not yet; starting it again in 30 s.');
  await kept.stop();
  expect(started).toHaveLength(1);
});

test('the first start that fails is the caller’s', async () => {
  const { start } = fakeParts([1]);
  await expect(keepRunning({ name: 'It', start, onNotice: () => undefined })).rejects.toThrow('not yet');
});
