import { expect, it } from 'vitest';
import { downloadUrl, sharedMediaUrl } from './media-url.ts';

it('asks for the attachment beside what is asked for already', () => {
  expect(downloadUrl('/s/t/media')).toBe('/s/t/media?download=1');
  expect(downloadUrl('/s/t/media?medium=screen')).toBe('/s/t/media?medium=screen&download=1');
});

it('keeps what pins a growing medium when it is served by a share link', () => {
  expect(sharedMediaUrl('/api/v1/recordings/1/media?medium=camera&part=2&through=9', 'tok')).toBe(
    '/s/tok/media?medium=camera&part=2&through=9',
  );
});
