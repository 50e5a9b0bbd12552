import { expect, test } from 'vitest';
import { createRecorderLog } from './recorder-log.ts';
import { taskSpec } from './report/testing/scripted-recording.ts';

test('no token is readable in the log, wherever it stands', () => {
  const lines: string[] = [];
  const log = createRecorderLog('trace', { write: (line) => lines.push(line) });
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJ2aWRlbyI6e319.c2lnbmF0dXJl';
  const task = { ...taskSpec(), reportToken: 'hush-report', livekit: { url: 'ws://x', token: 'hush-join' } };
  log.info({ task, token: 'hush-1', headers: { authorization: 'hush-2' } }, 'task.taken');
  log.error({ error: new Error(`cannot open ws://x/rtc?access_token=${jwt}`) }, `refused ${jwt}`);
  log.child({ reportToken: 'hush-3' }).info('child');
  const text = lines.join('');
  expect(lines).toHaveLength(3);
  expect(text).toContain('task.taken');
  expect(text).toContain('access_token=[secret]');
  expect(text).not.toMatch(/hush|eyJ/);
});
