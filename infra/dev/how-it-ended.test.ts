import { expect, test } from 'vitest';
import { howItEnded } from './how-it-ended.ts';

const said = (text: string) => ({ tail: () => text });

test.each([
  ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', { code: 134, signal: null }],
  [
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    { code: null, signal: 'SIGABRT' },
  ],
  [
    'FATAL ERROR: v8::ToLocalChecked Empty MaybeLocal\n# Fatal process OOM in x\nFATAL ERROR: OOM',
    { code: null, signal: 'SIGTRAP' },
  ],
] as const)('a heap that is full is memory, whatever the signal: %s', (tail, end) => {
  expect(howItEnded(said(tail), end)).toBe('ran out of memory');
});

test('a kill for want of memory is one when the kernel counted it', () => {
  const end = { code: null, signal: 'SIGKILL', isOutOfMemory: true } as const;
  expect(howItEnded(said(''), end)).toMatch(/^killed by the system, .* memory/);
});

test('a kill says that memory may be the reason, other ends what they are', () => {
  expect(howItEnded(said(''), { code: null, signal: 'SIGKILL' })).toMatch(/^killed by SIGKILL.*memory/);
  expect(howItEnded(said(''), { code: null, signal: 'SIGSEGV' })).toBe('killed by SIGSEGV');
  expect(howItEnded(said('a line'), { code: 1, signal: null })).toBe('exit code 1');
});
