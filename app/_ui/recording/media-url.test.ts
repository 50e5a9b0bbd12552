import { expect, it } from 'vitest';
import { downloadUrl } from './media-url.ts';

it('asks for the attachment beside what is asked for already', () => {
  expect(downloadUrl('/s/t/media')).toBe('/s/t/media?download=1');
  expect(downloadUrl('/s/t/media?medium=screen')).toBe('/s/t/media?medium=screen&download=1');
});
