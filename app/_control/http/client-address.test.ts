import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['6.6.6.6, 203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '8193:3512:1:2::/64'],
  ['somebody', 'unknown'],
  ['', 'unknown'],
])('x-forwarded-for %j is %j', (header, address) => {
  expect(clientAddress(new Request('http://recorder.test', { headers: { 'x-forwarded-for': header } }))).toBe(address);
});
