import { expect, test } from 'vitest';
import { hashPassword, isPassword } from './password-hash.ts';

test('a password is known again, another is not, and neither can be read from the hash', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(hash).not.toContain('correct');
  expect(await isPassword('correct horse', hash)).toBe(true);
  expect(await isPassword('correct horse ', hash)).toBe(false);
  expect(await isPassword('', hash)).toBe(false);
});

test('the same password has another hash each time', async () => {
  expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
});

test('letters that look the same are the same, however they were typed', async () => {
  expect(await isPassword('Ame\u0301lie', await hashPassword('Am\u00e9lie'))).toBe(true);
});

test('without a hash no password is right', async () => {
  expect(await isPassword('anything', null)).toBe(false);
});
