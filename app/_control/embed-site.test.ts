import { expect, test } from 'vitest';
import { parseEmbedSite } from './embed-site.ts';

test.each([
  ['https://blog.example.com', 'https://blog.example.com'],
  [' Example.com ', 'https://example.com'],
  ['https://example.com/posts/1?x=y#z', 'https://example.com'],
  ['http://localhost:8080/', 'http://localhost:8080'],
  ['*.example.com', 'https://*.example.com'],
  ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
])('%j is the site %j', (text, site) => {
  expect(parseEmbedSite(text)).toBe(site);
});

test.each([
  '',
  '*',
  'https://*',
  "'self'",
  'https://',
  'javascript:alert(1)',
  'https://a b',
  'https://a;script-src *',
  'https://a.example https://b.example',
  'https://a.example\r\nx: y',
  'https://a.*.example',
  'https://user:secret@example.com',
  'https://[::1]',
])('%j is none', (text) => {
  expect(parseEmbedSite(text)).toBeUndefined();
});
