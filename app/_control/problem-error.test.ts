import { expect, it, vi } from 'vitest';
import { StorageError } from '../../storage/object-store.ts';
import { problemResponse } from './http/problem-response.ts';

it('answers in the words of an error that another copy of its module made, as bundlers make them', async () => {
  vi.resetModules();
  const other = { ...(await import('./problem-error.ts')), ...(await import('../../storage/object-store.ts')) };
  expect(other.StorageError, 'two copies').not.toBe(StorageError);
  const request = new Request('http://localhost/');
  const busy = problemResponse(new other.ProblemError('too-many', 'Wait until one leaves.'), request);
  expect(busy.status).toBe(429);
  expect(await busy.json()).toMatchObject({ detail: 'Wait until one leaves.' });
  expect(problemResponse(new other.StorageError('denied', 'refused', false), request).status).toBe(503);
  expect(problemResponse(new Error('foreseen by nobody'), request).status).toBe(500);
});
