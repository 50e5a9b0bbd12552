import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesGlob, matchesRule } from './match-rule.ts';

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
  [{}, true],
  [{ kinds: ['sip', 'agent'] }, false],
  [{ roomPattern: 'other' }, false],
  [{ identityPattern: 'bob' }, false],
  [{ metadata: { team: 'blue', level: 3 } }, true],
  [{ metadata: { team: 'red' } }, false],
  [{ metadata: { level: '3' } }, false],
  [{ metadata: { toString: 'x' } }, false],
])('rule %j decides %j', (change, matches) => {
  expect(matchesRule({ ...rule, ...change }, 'room', participant)).toBe(matches);
});

test.each(['', 'not JSON', '[1]', 'null', '"text"'])('metadata %j matches no rule that asks for values', (metadata) => {
  expect(matchesRule({ ...rule, metadata: { a: 1 } }, 'room', { ...participant, metadata })).toBe(false);
});
