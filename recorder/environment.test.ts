import { describe, expect, test } from 'vitest';
import {
  readEnvironment,
  recordEnvironmentSchema,
  runEnvironmentSchema,
  serveEnvironmentSchema,
} from './environment.ts';
import { taskSpec } from './report/testing/scripted-recording.ts';

const serving = {
  CONTROL_URL: 'http://127.0.0.1:3000',
  WORKER_TOKEN: 'token',
  STORAGE_URL: 'file:/tmp/x',
  SPOOL_DIR: '/tmp/spool',
};

describe('serve', () => {
  test('needs four variables and has defaults for the rest', () => {
    expect(readEnvironment(serveEnvironmentSchema, { ...serving, PATH: '/bin', CAPACITY: '' })).toEqual({
      ...serving,
      CAPACITY: 100,
      SPOOL_LIMIT_MB: 50_000,
      LOG_LEVEL: 'info',
      SHUTDOWN_GRACE_MS: 5000,
    });
  });

  test.each([
    [{ WORKER_TOKEN: '' }, 'WORKER_TOKEN is not set'],
    [{ CONTROL_URL: undefined, SPOOL_DIR: undefined }, 'CONTROL_URL is not set; SPOOL_DIR is not set'],
    [{ CONTROL_URL: 'localhost:3000' }, 'CONTROL_URL is not an address such as http://127.0.0.1:3000'],
    [{ CAPACITY: '0' }, 'CAPACITY is less than 1'],
    [{ CAPACITY: '501' }, 'CAPACITY is more than 500'],
    [{ CAPACITY: 'many' }, 'CAPACITY is not a whole number'],
    [{ CAPACITY: '1.5' }, 'CAPACITY is not a whole number'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL Invalid option'],
  ])('with %j says what is wrong', (change, sentence) => {
    expect(() => readEnvironment(serveEnvironmentSchema, { ...serving, ...change })).toThrow(sentence);
  });
});

describe('run', () => {
  const { WORKER_TOKEN: _, ...shared } = serving;

  test('reads its task', () => {
    const task = taskSpec();
    expect(readEnvironment(runEnvironmentSchema, { ...shared, TASK_SPEC: JSON.stringify(task) }).TASK_SPEC).toEqual(
      task,
    );
  });

  test.each([
    [undefined, 'TASK_SPEC is not set'],
    ['{', 'TASK_SPEC is not JSON'],
    [JSON.stringify({ ...taskSpec(), epoch: 0 }), 'TASK_SPEC.epoch'],
    [JSON.stringify({ ...taskSpec(), surprise: 1 }), 'surprise'],
  ])('refuses %s', (text, sentence) => {
    expect(() => readEnvironment(runEnvironmentSchema, { ...shared, TASK_SPEC: text })).toThrow(sentence);
  });
});

test('record needs nothing', () => {
  expect(readEnvironment(recordEnvironmentSchema, {})).toEqual({ LOG_LEVEL: 'silent' });
});
