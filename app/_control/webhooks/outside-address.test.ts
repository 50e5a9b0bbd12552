import { expect, test } from 'vitest';
import {
  assertOutside,
  ForbiddenAddressError,
  isAddressAllowed,
  outsideLookup,
  parseAllowance,
} from './outside-address.ts';

test.each([
  '127.0.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '::127.0.0.1',
  'fec0::1',
  '4000::1',
])('%s is not outside', (address) => {
  expect(isAddressAllowed(address, [])).toBe(false);
  expect(isAddressAllowed(address, 'everything')).toBe(true);
});

test.each(['1.1.1.1', '93.184.216.34', '2606:4700::1111', '::ffff:1.1.1.1'])('%s is outside', (address) => {
  expect(isAddressAllowed(address, [])).toBe(true);
});

test('what is allowed by hand is an address, a range or a name, and nothing beside it', async () => {
  const allowance = parseAllowance('10.0.0.5, 192.168.0.0/16,fd00::/8 , hook.internal');
  expect(isAddressAllowed('10.0.0.5', allowance)).toBe(true);
  expect(isAddressAllowed('::ffff:10.0.0.5', allowance)).toBe(true);
  expect(isAddressAllowed('10.0.0.6', allowance)).toBe(false);
  expect(isAddressAllowed('192.168.200.1', allowance)).toBe(true);
  expect(isAddressAllowed('fd12::1', allowance)).toBe(true);
  expect(isAddressAllowed('fe80::1', allowance)).toBe(false);
  await expect(assertOutside('https://hook.internal/x', allowance)).resolves.toBeUndefined();
});

test.each([
  ['http://127.0.0.1:8080/'],
  ['http://[::1]/'],
  ['http://[::ffff:10.0.0.1]/'],
  // The forms that a URL makes an IPv4 address of.
  ['http://2130706433/'],
  ['http://0x7f.1/'],
  ['http://localhost/'],
])('%s is refused by what its host is', async (url) => {
  await expect(assertOutside(url, [])).rejects.toThrow(ForbiddenAddressError);
});

test.each([
  [undefined, []],
  ['false', []],
  ['true', 'everything'],
])('WEBHOOK_ALLOW_PRIVATE=%s', (value, expected) => {
  expect(parseAllowance(value)).toEqual(expected);
});

/** What a connection is told of a name. */
function connectTo(host: string, allowance: string | undefined, all: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    outsideLookup(parseAllowance(allowance))(host, { all }, (error, address) =>
      error ? reject(error) : resolve(address),
    );
  });
}

test('a name is judged by where it leads at the moment of the connection', async () => {
  await expect(connectTo('localhost', undefined, true)).rejects.toThrow(ForbiddenAddressError);
  await expect(connectTo('localhost', undefined, false)).rejects.toThrow(ForbiddenAddressError);
  await expect(connectTo('localhost', 'localhost', false)).resolves.toMatch(/^(127\.|::1)/);
  await expect(connectTo('localhost', '127.0.0.0/8,::1', true)).resolves.toContainEqual(
    expect.objectContaining({ address: expect.stringMatching(/^(127\.|::1)/) }),
  );
});
