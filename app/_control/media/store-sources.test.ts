import { expect, test } from 'vitest';
import { storeSources } from './store-sources.ts';

test.each([
  ['proxy', 's3://bucket?endpoint=https://s3.example.com', []],
  ['redirect', 's3://bucket/prefix?region=eu-central-1', ['https://*.amazonaws.com']],
  [
    'redirect',
    's3://bucket?endpoint=https://s3.example.com:9000/&region=x',
    ['https://s3.example.com:9000', 'https://*.s3.example.com:9000'],
  ],
] as const)('%s from %s: %j', (mediaDelivery, storageUrl, sources) => {
  expect(storeSources({ mediaDelivery, storageUrl })).toEqual(sources);
});
