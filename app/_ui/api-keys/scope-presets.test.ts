import { expect, test } from 'vitest';
import { type Scope, scopes, scopesOf } from '../../_control/scopes.ts';
import { scopesText } from './scope-presets.ts';

test.each<[string, readonly Scope[]]>([
  ['As viewer', scopesOf('viewer')],
  ['As operator', scopesOf('operator').toReversed()],
  ['As admin', scopes],
  ['shares:write', ['shares:write']],
  ['recordings:read, shares:write', ['recordings:read', 'shares:write']],
  [
    'recordings:read, rules:read, rooms:read, events:read',
    scopesOf('viewer').filter((scope) => scope !== 'system:read'),
  ],
])('of a key it is said %j', (text, of) => {
  expect(scopesText(of)).toBe(text);
});
