import { describe, expect, test } from 'vitest';
import type { Control } from '../control.ts';
import { assertSameOrigin } from './authorise.ts';

function isOurs(publicUrl: string, headers: Record<string, string>): boolean {
  try {
    const control = { environment: { publicUrl } } as Control;
    assertSameOrigin(control, new Request('http://inside/', { method: 'POST', headers }));
    return true;
  } catch {
    return false;
  }
}

describe('a change is asked for by a page of this site', () => {
  test.each([
    ['https://recorder.example', { origin: 'https://recorder.example', host: 'recorder.example' }, true],
    // Under another of its names.
    ['https://recorder.example', { origin: 'https://inside.example', host: 'inside.example' }, true],
    ['http://localhost:3000', { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, true],
    // TLS is ended before us, and PUBLIC_URL does not say so.
    ['http://recorder.example', { origin: 'https://recorder.example', host: 'recorder.example' }, true],
    // The same name without TLS: whoever is on the way can make that page.
    ['https://recorder.example', { origin: 'http://recorder.example', host: 'recorder.example' }, false],
    ['https://recorder.example', { origin: 'http://inside.example', host: 'inside.example' }, false],
    ['https://recorder.example', { origin: 'https://evil.example', host: 'recorder.example' }, false],
    ['https://recorder.example', { origin: 'https://recorder.example.evil.example', host: 'recorder.example' }, false],
    ['https://recorder.example', { origin: 'https://recorder.example:8443', host: 'recorder.example' }, false],
    ['https://recorder.example', { origin: 'null', host: 'recorder.example' }, false],
    ['https://recorder.example', { origin: 'file://', host: 'recorder.example' }, false],
    ['https://recorder.example', { host: 'recorder.example' }, false],
    ['https://recorder.example', { 'sec-fetch-site': 'same-site', host: 'recorder.example' }, false],
    ['https://recorder.example', { 'sec-fetch-site': 'same-origin', host: 'recorder.example' }, true],
    ['https://recorder.example', { origin: 'null', 'sec-fetch-site': 'same-origin', host: 'recorder.example' }, true],
  ])('%s, %j: %s', (publicUrl, headers, ours) => {
    expect(isOurs(publicUrl, headers as Record<string, string>)).toBe(ours);
  });
});
