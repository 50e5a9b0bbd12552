import { expect, it, test } from 'vitest';
import { commandOfKey, keyHelp } from './player-keys.ts';

const press = (key: string, modifiers = {}) =>
  commandOfKey({ key, ctrlKey: false, metaKey: false, altKey: false, ...modifiers });

test.each([
  ['k', { do: 'toggle' }],
  ['K', { do: 'toggle' }],
  ['j', { do: 'skip', seconds: -10 }],
  ['ArrowRight', { do: 'skip', seconds: 5 }],
  ['.', { do: 'step', frames: 1 }],
  ['7', { do: 'jump', share: 0.7 }],
  ['?', { do: 'help' }],
  ['Tab', undefined],
  ['x', undefined],
  ['constructor', undefined],
])('%s means %j', (key, command) => expect(press(key)).toEqual(command));

it('leaves shortcuts of the browser alone', () => {
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) expect(press('f', { [modifier]: true })).toBeUndefined();
});

it('does something for each single key that the help names', () => {
  const single = keyHelp.flatMap(({ keys }) => keys.filter((key) => /^[A-Z0-9,.?]$/.test(key)));
  expect(single.filter((key) => press(key) === undefined)).toEqual([]);
});
