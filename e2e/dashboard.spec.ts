/** The dashboard in a browser, as the person who runs the rooms uses it. */
import type { Page } from 'playwright/test';
import type { LiveRoom, Recording, Rule } from '../app/_control/api.ts';
import type { ApiClient } from './api-client.ts';
import { expect, test } from './fixtures.ts';
import { expectPlaysAndSeeks } from './player.ts';
import type { Product } from './product.ts';

test.describe.configure({ mode: 'serial' });

/** All tests here share a browser that is signed in. */
let page: Page;

test.beforeAll(async ({ browser, session }) => {
  page = await browser.newPage({ storageState: session });
});

test.afterAll(async () => {
  await page.close();
});

test('signed out, every page leads to sign-in and every API route answers 401', async ({ product, browser }) => {
  const visitor = await browser.newContext();
  const visitorPage = await visitor.newPage();
  for (const path of ['/', '/recordings', '/rules', '/recordings/00000000-0000-4000-8000-000000000000', '/join']) {
    await visitorPage.goto(product.origin + path);
    expect(new URL(visitorPage.url()).pathname, path).toBe('/sign-in');
  }
  for (const path of ['recordings', 'recordings/active', 'rules', 'rooms', 'formats', 'events']) {
    expect((await visitor.request.get(`${product.origin}/api/v1/${path}`)).status(), path).toBe(401);
  }
  const optimizer = await visitor.request.get(`${product.origin}/_next/image?url=%2Ficon.svg&w=64&q=75`);
  expect(optimizer.status(), 'nobody can ask for pictures to be scaled').toBe(404);
  await visitorPage.goto(product.signInLink);
  await visitorPage.waitForTimeout(500);
  await visitorPage.goto(product.origin);
  expect(new URL(visitorPage.url()).pathname, 'the link of the terminal works once').toBe('/sign-in');
  await visitor.close();
});

test('a demo participant appears, is recorded by button with live figures, and stopped', async ({ product }) => {
  await openOverview(page, product);
  await page.getByRole('button', { name: 'Add a demo participant' }).first().click();
  const record = page.getByRole('button', { name: 'Record', exact: true });
  await expect(record).toBeVisible();
  await record.click();
  await expect(page.getByText('1 being recorded')).toBeVisible();
  // Figures move by themselves: no polling, no reload.
  await expect(page.getByText(/\d+(\.\d+)? fps/).first()).toBeVisible();
  await expect(page.getByText(/[kM]b\/s|[kM]bps|[kM]bit\/s/).first()).toBeVisible();
  await expect(page.getByText(/0:0[5-9]/).first()).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('overview.png') });
  await page.getByRole('button', { name: 'Stop', exact: true }).first().click();
  await expect(record).toBeVisible();
});

test('the recording is in the list, plays, seeks, and is shared, copied, revoked', async ({
  product,
  api,
  browser,
}) => {
  const page_ = page;
  const recording = await api.anyRecordingReady();
  await page_.goto(`${product.origin}/recordings`);
  await page_.locator(`a[href="/recordings/${recording.id}"]`).first().click();
  await page_.waitForURL(`**/recordings/${recording.id}`);
  await expect(page_.getByText('Ready', { exact: true }).first()).toBeVisible();
  await expectPlaysAndSeeks(page_, recording.durationMs / 1000);

  await page_.getByRole('button', { name: 'Share', exact: true }).click();
  await page_.getByRole('button', { name: 'Create link' }).click();
  const address = page_.getByRole('textbox', { name: /link/i });
  await expect(address).toHaveValue(/\/s\//);
  const url = await address.inputValue();
  await page_.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: product.origin });
  await page_.getByRole('button', { name: 'Copy link' }).first().click();
  expect(await page_.evaluate(() => navigator.clipboard.readText())).toBe(url);

  const visitor = await browser.newContext();
  const shared = await visitor.newPage();
  expect((await shared.goto(url))?.status()).toBe(200);
  await expectPlaysAndSeeks(shared, recording.durationMs / 1000);
  await page_.getByRole('button', { name: 'Revoke' }).first().click();
  await expect.poll(async () => (await shared.goto(url))?.status()).toBe(404);
  await visitor.close();
});

test('a rule made on its page records the next participant', async ({ product, api }) => {
  await page.goto(`${product.origin}/rules`);
  await page.getByRole('link', { name: 'New rule' }).first().click();
  await page.getByLabel('Name of the rule').fill('Lectures');
  await page.getByLabel(/room/i).first().fill('lecture-*');
  await page
    .getByLabel(/identit/i)
    .first()
    .fill('teacher');
  await page.getByLabel('Camera').uncheck();
  await page.getByLabel('Screen audio').uncheck();
  await page.getByLabel(/packet was lost/).selectOption('drop');
  await page.getByRole('button', { name: 'Save rule' }).click();
  await expect(page.getByText('Lectures')).toBeVisible();
  const rules = await api.json<{ items: Rule[] }>('GET', '/api/v1/rules');
  expect(rules.items.find(({ name }) => name === 'Lectures')).toMatchObject({
    roomPattern: 'lecture-*',
    identityPattern: 'teacher',
    tracks: ['microphone', 'screen_share'],
    undecodable: 'drop',
  });
});

test('someone who joins from the browser is recorded', async ({ product, api, browser }) => {
  const joiner = await browser.newContext({ storageState: await page.context().storageState() });
  const joinPage = await joiner.newPage();
  await joinPage.goto(`${product.origin}/join?room=browser-room`);
  await joinPage.getByRole('button', { name: /join/i }).click();
  await openOverview(page, product);
  const room = page.getByRole('region', { name: 'browser-room' });
  await room.getByRole('button', { name: 'Record', exact: true }).click();
  const running = await api.recordingWhere(
    'browser-room',
    ({ status, durationMs }) => status === 'recording' && durationMs > 3000,
  );
  await api.json('POST', `/api/v1/recordings/${running.id}/stop`);
  const ready = await api.recordingWhere('browser-room', ({ id, status }) => id === running.id && status === 'ready');
  expect(ready.tracks.some(({ kind, frames }) => kind === 'video' && frames > 30)).toBe(true);
  await joiner.close();
});

test('only the tracks that are wanted are recorded', async ({ api }) => {
  await addParticipant(api, 'choices');
  const wish = { room: 'choices', identity: 'ann', tracks: ['microphone'] };
  const { id } = await api.json<Recording>('POST', '/api/v1/recordings', wish);
  await api.recordingWhere('choices', (recording) => recording.id === id && recording.durationMs > 2000);
  await api.json('POST', `/api/v1/recordings/${id}/stop`);
  const ready = await api.recordingWhere('choices', (recording) => recording.id === id && recording.status === 'ready');
  expect(ready.tracks.map(({ source }) => source)).toEqual(['microphone']);
  expect(ready.media.map(({ contentType }) => contentType)).toEqual(['audio/webm']);
});

test('a pause says what it does, and is cut out on request', async ({ product, api }) => {
  const { id } = await api.json<Recording>('POST', '/api/v1/recordings', { room: 'choices', identity: 'ann' });
  const where = (holds: (recording: Recording) => boolean) =>
    api.recordingWhere('choices', (recording) => recording.id === id && holds(recording));
  await where(({ durationMs }) => durationMs > 2000);
  await page.goto(`${product.origin}/recordings/${id}`);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Nothing is recorded until you resume');
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText('Paused', { exact: true }).first()).toBeVisible();
  const paused = await where(({ status }) => status === 'paused');

  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await page.getByRole('radio', { name: 'Cut the pause out' }).check();
  await dialog.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(page.getByText('Recording', { exact: true }).first()).toBeVisible();
  await where(({ durationMs }) => durationMs > paused.durationMs + 2000);
  await expect(page.getByRole('button', { name: /cut out/ }).first()).toBeVisible();
  await expect(page.getByRole('rowheader', { name: 'Presentation jitter' })).toBeVisible();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();

  const ready = await where(({ status }) => status === 'ready');
  const cuts = ready.gaps.filter(({ reason }) => reason === 'paused');
  expect(cuts.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
  const cutMs = Math.max(...cuts.map((gap) => gap.cutMs ?? 0));
  expect(cutMs).toBeGreaterThan(0);
  const tookMs = Date.parse(ready.stoppedAt ?? '') - Date.parse(ready.startedAt ?? '');
  expect(ready.durationMs).toBeLessThan(tookMs - cutMs + 1000);
});

test('a codec that changes in the middle makes a second part, which is played after the first', async ({
  api,
  browser,
}) => {
  const room = 'codecs';
  await addParticipant(api, room, { codec: 'vp8', seconds: 15 });
  const { id } = await api.json<Recording>('POST', '/api/v1/recordings', { room, identity: 'ann' });
  const where = (holds: (recording: Recording) => boolean) =>
    api.recordingWhere(room, (recording) => recording.id === id && holds(recording));
  const framesOf = (recording: Recording, codec: string) =>
    recording.tracks.find((track) => track.codec === codec)?.frames ?? 0;
  await where((recording) => framesOf(recording, 'vp8') > 60);
  // The same participant comes back with another codec, within the time it is waited for.
  await expect.poll(async () => (await participantsOf(api, room)).length, { timeout: 90_000 }).toBe(0);
  await addParticipant(api, room, { codec: 'h264', seconds: 300 });
  await where((recording) => framesOf(recording, 'h264') > 60);
  await api.json('POST', `/api/v1/recordings/${id}/stop`);
  const ready = await where(({ status }) => status === 'ready');
  expect(ready.media.map(({ part, contentType }) => [part, contentType])).toEqual([
    [1, 'video/webm'],
    [2, 'video/mp4'],
  ]);

  const visitor = await browser.newContext();
  const shared = await visitor.newPage();
  await shared.goto((await api.createShare(id)).url);
  const video = shared.locator('video');
  await video.evaluate(async (element: HTMLVideoElement) => {
    element.muted = true;
    await element.play();
    element.currentTime = element.duration - 1;
  });
  const playing = () =>
    video.evaluate((element: HTMLVideoElement) => (element.currentSrc.endsWith('part=2') ? element.currentTime : 0));
  await expect.poll(playing).toBeGreaterThan(0.5);
  await visitor.close();
});

test('delete asks first, then the recording is gone', async ({ product, api }) => {
  const recording = await api.anyRecordingReady();
  await page.goto(`${product.origin}/recordings/${recording.id}`);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.waitForURL('**/recordings');
  expect((await api.request('GET', `/api/v1/recordings/${recording.id}`)).status).toBe(404);
  expect((await api.request('GET', `/api/v1/recordings/${recording.id}/media`)).status).toBe(404);
});

async function openOverview(page: Page, product: Product): Promise<void> {
  await page.goto(product.origin);
  await expect(page.getByRole('main')).toBeVisible();
}

/** With camera and microphone, for as long as the tests here take. */
async function addParticipant(api: ApiClient, room: string, more: Record<string, unknown> = {}): Promise<void> {
  await api.addDemoParticipant({ room, identity: 'ann', size: '640x360', seconds: 120, ...more });
  await expect.poll(async () => (await participantsOf(api, room))[0]?.tracks.length).toBe(2);
}

async function participantsOf(api: ApiClient, room: string): Promise<LiveRoom['participants']> {
  const { items } = await api.json<{ items: LiveRoom[] }>('GET', '/api/v1/rooms');
  return items.find(({ name }) => name === room)?.participants ?? [];
}
