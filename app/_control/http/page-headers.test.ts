import { describe, expect, test } from 'vitest';
import { pageHeaders } from './page-headers.ts';

const plain = {
  publicUrl: 'http://localhost:3000',
  livekitSocketUrl: 'ws://localhost:7880',
  embedded: false,
  mediaDelivery: 'proxy' as 'proxy' | 'redirect',
  storageUrl: 's3://bucket?endpoint=https://s3.example.com',
};
const page = { pathname: '/recordings', nonce: 'bm9uY2U=' };

function policy(installation = plain, of: Parameters<typeof pageHeaders>[1] = page): Map<string, string[]> {
  const text = pageHeaders(installation, of)['content-security-policy'] ?? '';
  return new Map(
    text.split('; ').map((rule) => {
      const [name = '', ...sources] = rule.split(' ');
      return [name, sources];
    }),
  );
}

test('only scripts with the nonce of the answer run, and what they load', () => {
  expect(policy().get('script-src')).toEqual(["'nonce-bm9uY2U='", "'strict-dynamic'"]);
});

test('pages connect to this site and to LiveKit, and to nothing else', () => {
  expect(policy().get('connect-src')).toEqual(["'self'", 'ws://localhost:7880', 'http://localhost:7880']);
  const secure = policy({ ...plain, livekitSocketUrl: 'wss://livekit.example.com/path' });
  expect(secure.get('connect-src')).toEqual(["'self'", 'wss://livekit.example.com', 'https://livekit.example.com']);
});

test('of the LiveKit cloud every region may be connected to', () => {
  const cloud = policy({ ...plain, livekitSocketUrl: 'wss://mine.livekit.cloud' });
  expect(cloud.get('connect-src')).toContain('wss://*.livekit.cloud');
});

describe('frames', () => {
  test('no site may frame a page', () => {
    expect(policy().get('frame-ancestors')).toEqual(["'none'"]);
  });

  test('those that a share names may frame it', () => {
    const shared = { ...page, pathname: '/s/token/embed', embedSites: ['https://blog.example.com'] };
    expect(policy(plain, shared).get('frame-ancestors')).toEqual(['https://blog.example.com']);
    expect(policy(plain, { ...shared, embedSites: [] }).get('frame-ancestors')).toEqual(["'none'"]);
  });
});

test('media comes from here, and from the store when browsers are sent there', () => {
  expect(policy().get('media-src')).toEqual(["'self'", 'blob:']);
  expect(policy({ ...plain, mediaDelivery: 'redirect' }).get('media-src')).toContain('https://s3.example.com');
});

test('no page is for search engines', () => {
  expect(pageHeaders(plain, page)['x-robots-tag']).toBe('noindex, nofollow');
});

test('behind TLS browsers come back with TLS only', () => {
  expect(pageHeaders(plain, page)).not.toHaveProperty('strict-transport-security');
  const behindTls = { ...plain, publicUrl: 'https://recorder.example.com' };
  expect(pageHeaders(behindTls, page)['strict-transport-security']).toMatch(/^max-age=\d{8}/);
});

test('camera and microphone are for an installation where one can take part', () => {
  expect(pageHeaders(plain, page)['permissions-policy']).toContain('camera=(), microphone=()');
  const embedded = pageHeaders({ ...plain, embedded: true }, page);
  expect(embedded['permissions-policy']).toContain('camera=(self), microphone=(self)');
});

test('the address of a shared recording is told to nobody', () => {
  expect(pageHeaders(plain, { ...page, pathname: '/s/token' })['referrer-policy']).toBe('no-referrer');
});
