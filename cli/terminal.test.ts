import { expect, test } from 'vitest';
import { ProgressBar } from './progress-bar.ts';
import { readSpan } from './read-span.ts';
import { safeText, sayBytes, sayDuration, table } from './terminal.ts';

test('columns are as wide as what is in them, and long text is cut', () => {
  const text = table(
    ['ID', 'NAME'],
    [
      ['1', 'x'.repeat(100)],
      ['1234', 'ann'],
    ],
  );
  expect(text.split('\n')).toEqual(['ID    NAME', `1     ${'x'.repeat(47)}…`, '1234  ann', '']);
});

test('a name cannot move the cursor, colour the terminal or turn the line around', () => {
  expect(safeText('a\u001b[2Jb\nc\u202ed\u0007')).toBe('a\\u001b[2Jb\\u000ac\\u202ed\\u0007');
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [123_456_789, '123 MB'],
])('%i bytes are %s', (bytes, said) => {
  expect(sayBytes(bytes)).toBe(said);
});

test.each([
  [59_999, '00:59'],
  [3_600_000, '1:00:00'],
])('%i ms are %s', (ms, said) => {
  expect(sayDuration(ms)).toBe(said);
});

test.each([
  ['90s', 90_000],
  ['7d', 604_800_000],
])('%s is a span', (text, ms) => {
  expect(readSpan(text)).toBe(ms);
});

test.each(['', '5', 'm', '1.5h', '-1d', '5 m'])('"%s" is none', (text) => {
  expect(() => readSpan(text)).toThrow('say it like');
});

function drawn(isTTY: boolean) {
  const written: string[] = [];
  let nowMs = 0;
  const bar = new ProgressBar({ write: (text) => written.push(text), isTTY }, 'a.webm', () => nowMs);
  return { written, bar, pass: (ms: number) => (nowMs += ms) };
}

test('on a terminal one line is rewritten, not too often, and the end is always shown', () => {
  const { written, bar, pass } = drawn(true);
  for (let done = 0; done <= 1000; done++) {
    bar.show(done, 1000);
    pass(1);
  }
  expect(written.length).toBeLessThan(15);
  expect(written.slice(0, -1).every((line) => line.startsWith('\r') && !line.includes('\n'))).toBe(true);
  expect(written.at(-1)).toMatch(/█{28} 100 % {2}1\.0 kB of 1\.0 kB.*\n$/);
});

test('in a log there is a line for each tenth; a download that goes on counts from where it was', () => {
  const { written, bar, pass } = drawn(false);
  for (let done = 500; done <= 1000; done += 10) {
    bar.show(done, 1000);
    pass(10);
  }
  expect(written).toHaveLength(6);
  expect(written[0]).toContain('50 %');
  expect(written.at(-1)).toMatch(/100 %.*1\.0 kB\/s\n$/);
});
