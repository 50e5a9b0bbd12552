import { expect, test } from 'vitest';
import { parseEnvironment } from './environment.ts';

const complete = {
  DATABASE_URL: 'postgres://user:hunter2@db/app',
  STORAGE_URL: 's3://bucket/prefix?region=eu',
  LIVEKIT_URL: 'ws://livekit:7880/',
  LIVEKIT_API_KEY: 'key',
  LIVEKIT_API_SECRET: 'hunter2-livekit',
  APP_SECRET: 'hunter2'.repeat(5),
  WORKER_TOKEN: 'hunter2-worker-token',
};

test('what must be set is enough, and the rest has a default', () => {
  expect(parseEnvironment(complete)).toMatchObject({
    port: 3000,
    publicUrl: 'http://localhost:3000',
    livekitApiUrl: 'http://livekit:7880',
    livekitSocketUrl: 'ws://livekit:7880',
    adminApiKey: undefined,
    embedded: false,
    logLevel: 'info',
  });
});

test('browsers and recorders may reach LiveKit at another address', () => {
  const environment = parseEnvironment({
    ...complete,
    LIVEKIT_URL: 'https://livekit.internal',
    LIVEKIT_PUBLIC_URL: 'https://livekit.example.com',
  });
  expect(environment.livekitApiUrl).toBe('https://livekit.internal');
  expect(environment.livekitSocketUrl).toBe('wss://livekit.example.com');
});

test('a public address is reduced to its origin', () => {
  expect(parseEnvironment({ ...complete, PUBLIC_URL: 'https://rec.example.com/app/?x' }).publicUrl).toBe(
    'https://rec.example.com',
  );
});

test.each([
  ['PORT', '70000'],
  ['PORT', 'http'],
  ['PUBLIC_URL', 'rec.example.com'],
  ['DATABASE_URL', 'mysql://db'],
  ['STORAGE_URL', '/var/media'],
  ['LIVEKIT_URL', 'livekit:7880'],
  ['APP_SECRET', 'hunter2'],
  ['WORKER_TOKEN', 'hunter2'],
  ['EMBEDDED', 'yes'],
  ['LOG_LEVEL', 'loud'],
  ['MEDIA_DELIVERY', 'carrier pigeon'],
])('%s=%s is refused by name, and no secret is repeated', (name, value) => {
  expect(() => parseEnvironment({ ...complete, [name]: value })).toThrow(name);
  expect(() => parseEnvironment({ ...complete, [name]: value })).not.toThrow('hunter2');
});

test('everything that is missing or empty is named at once', () => {
  const message = Object.keys(complete).map((name) => `${name} is not set`);
  for (const line of message) expect(() => parseEnvironment({ DATABASE_URL: '', PATH: '/bin' })).toThrow(line);
});

test('no secret is so short that it could be guessed', () => {
  for (const name of ['ADMIN_API_KEY', 'WORKER_TOKEN', 'APP_SECRET', 'CRON_SECRET']) {
    expect(() => parseEnvironment({ ...complete, [name]: 'hunter2-hunter2' }), name).toThrow(
      new RegExp(`${name} must have at least`),
    );
  }
});
