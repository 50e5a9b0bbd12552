import { expect, test } from 'vitest';
import { readShareForm } from './read-share-form.ts';

const now = new Date('2026-11-21T12:00:00');

function read(fields: Record<string, string>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return readShareForm(form, now);
}

test('an empty form is the usual link', () => {
  expect(read({ lifetime: 'week' })).toEqual({
    errors: {},
    request: {
      expiresIn: 7 * 86_400_000,
      label: null,
      password: null,
      maxViews: null,
      allowDownload: false,
      startAtMs: 0,
      embedSites: [],
    },
  });
  expect(read({ lifetime: 'never' }).request.expiresIn).toBeNull();
});

test('everything that was filled in is asked for', () => {
  const fields = { allowDownload: 'on', password: ' p w ', maxViews: '3', startAt: '1:23', label: ' Ann ' };
  const sites = 'https://a.example\n\n  b.example, c.example ';
  expect(read({ lifetime: 'day', embedSites: sites, ...fields }).request).toMatchObject({
    allowDownload: true,
    password: ' p w ',
    maxViews: 3,
    startAtMs: 83_000,
    label: 'Ann',
    embedSites: ['https://a.example', 'b.example', 'c.example'],
  });
});

test('a last day is its whole day', () => {
  expect(read({ lifetime: 'date', lastDay: '2026-11-21' }).request.expiresIn).toBe(12 * 3_600_000 - 1000);
  for (const lastDay of ['', '2026-11-20']) {
    expect(read({ lifetime: 'date', lastDay }).errors).toEqual({ expiresIn: 'choose today or a later day' });
  }
});

test('a start that is no position is said beside its field', () => {
  expect(read({ lifetime: 'week', startAt: 'later' }).errors).toEqual({ startAtMs: 'write it like 1:23' });
});
