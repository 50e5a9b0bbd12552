import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMetadataValue, parseMetadataValue } from './metadata-value.ts';

test.each([
  ['blue', 'blue'],
  ['3', 3],
  ['"3"', '3'],
  ['true', true],
  ['null', 'null'],
  ['{"a":1}', '{"a":1}'],
  ['', ''],
  [' blue', ' blue'],
])('%j is %j', (text, value) => {
  expect(parseMetadataValue(text)).toBe(value);
});

test('every value can be written so that it is read as itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom('3', 'true', '"x"')), (value) => {
      expect(parseMetadataValue(formatMetadataValue(value))).toBe(value);
    }),
  );
});
