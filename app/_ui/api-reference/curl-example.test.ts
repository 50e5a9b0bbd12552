import { expect, test } from 'vitest';
import { describeApi } from '../../_control/openapi.ts';
import { curlExample } from './curl-example.ts';
import { operationsOf } from './operations-of.ts';

const origin = 'https://recorder.example.com';
const all = operationsOf(describeApi(origin)).flatMap(({ operations }) => operations);
const exampleFor = (method: string, path: string) => {
  const found = all.find((shown) => shown.method === method && shown.path === path);
  if (!found) throw new Error(`There is no ${method} ${path}`);
  return curlExample(origin, found);
};

test('a call with a body sends its required fields', () => {
  expect(exampleFor('post', '/api/v1/recordings')).toBe(
    [
      `curl -X POST '${origin}/api/v1/recordings'`,
      `-H 'Authorization: Bearer API_KEY'`,
      `-H 'Content-Type: application/json'`,
      `-d '{"room":"ROOM","identity":"IDENTITY"}'`,
    ].join(' \\\n  '),
  );
});

test('the path names what has to be filled in; what is open needs no key', () => {
  expect(exampleFor('get', '/api/v1/recordings/{id}')).toContain(`'${origin}/api/v1/recordings/ID'`);
  expect(exampleFor('get', '/api/health')).toBe(`curl '${origin}/api/health'`);
});

test('every operation is shown once, under an anchor of its own', () => {
  const anchors = all.map(({ anchor }) => anchor);
  expect(anchors.length).toBeGreaterThan(40);
  expect(new Set(anchors).size).toBe(anchors.length);
});
