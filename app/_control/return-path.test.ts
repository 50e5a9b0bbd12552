import { describe, expect, test } from 'vitest';
import { returnPath, signInPath } from './return-path.ts';

describe('after signing in, the page that was wanted is opened', () => {
  test.each([
    '/recordings',
    '/recordings?room=a%20b&status=ready&sort=-startedAt',
    '/recordings/0190c3a5-7f2e-7000-8000-000000000000?t=12.5',
    '/rules/new?room=%F0%9F%8E%A5&identity=%2F%2Fann',
    '/recordings?q=https%3A%2F%2Fevil.example',
    '/recordings?q=//evil.example',
  ])('%s', (path) => {
    expect(returnPath(path)).toBe(path);
    expect(new URLSearchParams(signInPath(path).split('?')[1]).get('next')).toBe(path);
  });

  test('the overview needs no mention', () => {
    expect(signInPath('/')).toBe('/sign-in');
  });
});

describe('nothing leads to another site, or to what is no page', () => {
  test.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/\u0000/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    '/x/%2E%2e//evil.example',
    '/%2Fevil.example',
    '/%2f%2fevil.example',
    '/%5Cevil.example',
    'https://evil.example',
    'https:evil.example',
    'http:/evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '@evil.example',
    '/recordings?room=ä',
    `/${'x'.repeat(2_000)}`,
    '/sign-in?next=/sign-in',
    '/set-up',
    '/api/v1/recordings',
    '/_next/static/x.js',
    '',
    undefined,
    ['/recordings', '//evil.example'],
  ])('%j', (wanted) => {
    expect(returnPath(wanted)).toBe('/');
  });
});
