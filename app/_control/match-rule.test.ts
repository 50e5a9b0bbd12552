import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesGlob, mismatchOf } from './match-rule.ts';

test.each([
  ['*', '', true],
  ['*', 'anything at all', true],
  ['', '', true],
  ['', 'a', false],
  ['class-*', 'class-1', true],
  ['class-*', 'klass-1', false],
  ['*-recorded', 'a-recorded-recorded', true],
  ['a?c', 'abc', true],
  ['a?c', 'a👩c', true],
  ['a?c', 'ac', false],
  ['a*b*c', 'aXbYbZc', true],
  ['a*b*c', 'aXbYbZ', false],
  ['a.c', 'abc', false],
  ['[ab]', 'a', false],
  ['../*', '../../etc/passwd', true],
  ['Class', 'class', false],
  ['*x', '*', false],
])('glob %j on %j is %j', (pattern, text, matches) => {
  expect(matchesGlob(pattern, text)).toBe(matches);
});

test('a glob means what the regular expression of the same shape means', () => {
  const some = (unit: string[]) => fc.array(fc.constantFrom(...unit), { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(some(['a', 'b', '*', '?']), some(['a', 'b', '*', '?']), (pattern, text) => {
      const expression = new RegExp(`^${pattern.replace(/\*/g, '[^]*').replace(/\?/g, '[^]')}$`);
      expect(matchesGlob(pattern, text)).toBe(expression.test(text));
    }),
    { numRuns: 2000 },
  );
});

test('a pattern made to be slow is not', () => {
  // Backtracking over all stars would take longer than the universe is old.
  expect(matchesGlob(`${'*a'.repeat(2000)}b`, 'a'.repeat(4096))).toBe(false);
});

const participant = { identity: 'ann', kind: 'standard' as const, metadata: '{"team":"blue","level":3,"staff":true}' };
const rule = { roomPattern: '*', identityPattern: '*', kinds: ['standard'], metadata: null };

test.each([
  [{}, undefined],
  [{ kinds: ['sip', 'agent'] }, 'kind'],
  [{ roomPattern: 'other' }, 'room'],
  [{ identityPattern: 'bob' }, 'identity'],
  [{ metadata: { team: 'blue', level: 3 } }, undefined],
  [{ metadata: { team: 'red' } }, 'metadata'],
  [{ metadata: { level: '3' } }, 'metadata'],
  [{ metadata: { toString: 'x' } }, 'metadata'],
])('rule %j fails by %j', (change, mismatch) => {
  expect(mismatchOf({ ...rule, ...change }, 'room', participant)).toBe(mismatch);
});

test.each(['', 'not JSON', '[1]', 'null', '"text"'])('metadata %j matches no rule that asks for values', (metadata) => {
  expect(mismatchOf({ ...rule, metadata: { a: 1 } }, 'room', { ...participant, metadata })).toBe('metadata');
});
