import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { timeLimit } from './time-limit.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test('aborts after its time, also when nobody holds on to it but who listens', async () => {
  let reason: unknown;
  timeLimit(50, new AbortController().signal).addEventListener('abort', ({ target }) => {
    reason = (target as AbortSignal).reason;
  });
  collectGarbage();
  await expect.poll(() => reason).toMatchObject({ name: 'TimeoutError', message: 'It took longer than 0.05 s.' });
});

test('aborts with another signal, for its reason', () => {
  const other = new AbortController();
  const signal = timeLimit(60_000, new AbortController().signal, other.signal);
  expect(signal.aborted).toBe(false);
  other.abort('enough');
  expect(signal.reason).toBe('enough');
});

test('has aborted already when another signal had', () => {
  expect(timeLimit(60_000, AbortSignal.abort('before')).reason).toBe('before');
});
