/** What a user chooses for a recording: which tracks it has, and what becomes of a pause. */
import type { Recording } from '../app/_control/api.ts';
import { ApiClient } from './api-client.ts';
import { expect, test } from './fixtures.ts';

const room = 'choices';

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ product }) => {
  const api = new ApiClient(product);
  await api.json('POST', '/api/v1/demo-participants', { room, identity: 'ann', size: '640x360', seconds: 300 });
  await expect
    .poll(async () => {
      const rooms = await api.json<{ items: { name: string; participants: { tracks: unknown[] }[] }[] }>(
        'GET',
        '/api/v1/rooms',
      );
      return rooms.items.find(({ name }) => name === room)?.participants[0]?.tracks.length ?? 0;
    })
    .toBe(2);
});

test('only the tracks that are wanted are recorded', async ({ api }) => {
  const started = await api.json<Recording>('POST', '/api/v1/recordings', {
    room,
    identity: 'ann',
    tracks: ['microphone'],
  });
  await api.recordingWhere(room, ({ id, durationMs }) => id === started.id && durationMs > 2000);
  await api.json('POST', `/api/v1/recordings/${started.id}/stop`);
  const ready = await api.recordingWhere(room, ({ id, status }) => id === started.id && status === 'ready');
  expect(ready.tracks.map(({ source }) => source)).toEqual(['microphone']);
  expect(ready.media.map(({ contentType }) => contentType)).toEqual(['audio/webm']);
});

test('a pause says what it does, and is cut out on request', async ({ product, api, page }) => {
  await page.goto(product.signInLink);
  const { id } = await api.json<Recording>('POST', '/api/v1/recordings', { room, identity: 'ann' });
  await api.recordingWhere(room, (recording) => recording.id === id && recording.durationMs > 2000);
  await page.goto(`${product.origin}/recordings/${id}`);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Nothing is recorded until you resume');
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  const paused = await api.recordingWhere(room, (recording) => recording.id === id && recording.status === 'paused');

  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await page.getByRole('radio', { name: 'Cut the pause out' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(page.getByText('Recording', { exact: true })).toBeVisible();
  await api.recordingWhere(room, (recording) => recording.id === id && recording.durationMs > paused.durationMs + 2000);
  await expect(page.getByText(/cut out/).first()).toBeVisible();
  await expect(page.getByRole('rowheader', { name: 'Presentation jitter' })).toBeVisible();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();

  const ready = await api.recordingWhere(room, (recording) => recording.id === id && recording.status === 'ready');
  const cuts = ready.gaps.filter(({ reason }) => reason === 'paused');
  expect(cuts.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
  const cutMs = Math.max(...cuts.map((gap) => gap.cutMs ?? 0));
  expect(cutMs).toBeGreaterThan(0);
  const tookMs = Date.parse(ready.stoppedAt ?? '') - Date.parse(ready.startedAt ?? '');
  expect(ready.durationMs).toBeLessThan(tookMs - cutMs + 1000);
});
