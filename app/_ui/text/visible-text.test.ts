import { expect, it } from 'vitest';
import { shortText, visibleText } from './visible-text.ts';

it('shows control characters as their symbols and broken surrogates as the replacement character', () => {
  expect(visibleText('a\0b\nc\u007f')).toBe('a\u2400b\u240ac\u2421');
  expect(visibleText('x\ud800y')).toBe('x\ufffdy');
});

it('cuts long text between characters, not inside one', () => {
  expect(shortText('🎥'.repeat(100), 5)).toBe('🎥🎥🎥🎥…');
  expect(shortText('short', 5)).toBe('short');
});
