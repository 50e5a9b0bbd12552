import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  // What a client says of itself comes before what its connection is.
  ['6.6.6.6, 203.0.113.7', '203.0.113.7'],
  // One or two proxies of ours: what the first of them saw.
  ['6.6.6.6, 203.0.113.7, 127.0.0.1', '203.0.113.7'],
  ['203.0.113.7, 10.0.0.2, ::1', '203.0.113.7'],
  // Nobody from outside.
  ['192.168.1.5, 127.0.0.1', '192.168.1.5'],
  ['::1', '::1'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['somebody', 'unknown'],
  ['', 'unknown'],
])('x-forwarded-for %j is %j', (header, address) => {
  expect(clientAddress(new Request('http://recorder.test', { headers: { 'x-forwarded-for': header } }))).toBe(address);
});
