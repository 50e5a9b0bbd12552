/** A recording's page, while it is being made and afterwards: a participant with a camera, a microphone and a screen. */
import type { Locator, Page } from 'playwright/test';
import type { Recording } from '../app/_control/api.ts';
import type { ApiClient } from './api-client.ts';
import { checkAccessibility } from './check-accessibility.ts';
import { expect, test } from './fixtures.ts';
import { publishFromPage } from './publish-from-page.ts';

test.describe.configure({ mode: 'serial' });

const room = 'player';
let page: Page;
let recording: Recording;

test.beforeAll(async ({ browser, session }) => {
  page = await browser.newPage({ storageState: session });
});

test.afterAll(async () => {
  await page.close();
});

test('a recording is followed live while it is made, over a pause too', async ({ product, api, browser }) => {
  const publisher = await browser.newPage();
  await publisher.goto(`${product.origin}/sign-in`);
  const place = await api.json<{ url: string; token: string }>('POST', `/api/v1/rooms/${room}/join-token`, {
    identity: 'pat',
  });
  const published = await publishFromPage(publisher, place);
  recording = await start(api);
  recording = await api.recordingWhere(room, ({ stats }) => (stats?.durationMs ?? 0) > 5000);
  await published.mute(true);
  await page.goto(`${product.origin}/recordings/${recording.id}`);
  const live = page.getByRole('button', { name: 'Live' });
  await live.click();
  const video = page.getByLabel('Recording of camera');
  await expect(live).toHaveAttribute('aria-pressed', 'true');
  const loadedS = (recording.stats?.durationMs ?? 0) / 1000;
  await expect.poll(() => secondsOf(video), 'it goes on as it is recorded').toBeGreaterThan(loadedS + 4);
  await published.mute(false);
  await api.json('POST', `/api/v1/recordings/${recording.id}/pause`);
  const { stats } = await api.recordingWhere(room, ({ status }) => status === 'paused');
  await api.json('POST', `/api/v1/recordings/${recording.id}/resume`, {});
  const pausedAtS = (stats?.durationMs ?? 0) / 1000;
  await expect.poll(() => secondsOf(video), 'and behind the hole that a pause is').toBeGreaterThan(pausedAtS + 1);
  await expect(page.getByLabel('Recording of screen'), 'beside it the screen').toBeVisible();
  await page.keyboard.press('k');
  await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.paused)).toBe(true);
  await api.recordingWhere(room, ({ stats: now }) => (now?.durationMs ?? 0) > 14_000);
  await api.json('POST', `/api/v1/recordings/${recording.id}/stop`);
  await publisher.close();
  recording = await api.recordingWhere(room, ({ posterUrl }) => posterUrl !== null);
});

test('it begins where the address says, and is controlled by keys', async ({ product }) => {
  await page.goto(`${product.origin}/recordings/${recording.id}?t=0:04`);
  const video = page.getByLabel('Recording of camera');
  await expect.poll(() => secondsOf(video)).toBeCloseTo(4, 1);
  expect(await video.getAttribute('poster')).toBe(recording.posterUrl);

  await page.keyboard.press('.');
  // A machine that has much to do publishes fewer.
  const frameS = 1 / (recording.tracks.find(({ kind }) => kind === 'video')?.framesPerSecond ?? 1);
  await expect.poll(() => secondsOf(video), 'one frame on').toBeCloseTo(4 + frameS, 1);
  expect(await secondsOf(video)).toBeGreaterThan(4.01);
  await page.keyboard.press(',');
  await expect.poll(() => secondsOf(video), 'and back').toBeCloseTo(4, 1);
  await page.keyboard.press('5');
  const half = await video.evaluate((element: HTMLVideoElement) => element.duration / 2);
  await expect.poll(() => secondsOf(video)).toBeCloseTo(half, 0);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => secondsOf(video)).toBeCloseTo(half - 5, 0);
  await page.keyboard.press('0');
  await expect.poll(() => secondsOf(video)).toBe(0);
  await page.keyboard.press('m');
  expect(await video.evaluate((element: HTMLVideoElement) => element.muted)).toBe(true);
  await page.keyboard.press('k');
  await expect.poll(() => secondsOf(video), 'it plays').toBeGreaterThan(0.5);
  await page.keyboard.press('k');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys of the player' })).toBeVisible();
  await page.keyboard.press('Escape');
});

test('the screen goes where the camera goes, beside it or in its corner', async () => {
  const camera = page.getByLabel('Recording of camera');
  const screen = page.getByLabel('Recording of screen');
  const isPaused = () => screen.evaluate((element: HTMLVideoElement) => element.paused);
  const apart = async () => {
    const [cameraS, screenS] = await page.evaluate(
      ([one, other]) =>
        [one, other].map(
          (label) => document.querySelector<HTMLVideoElement>(`video[aria-label="${label}"]`)?.currentTime ?? 0,
        ),
      ['Recording of camera', 'Recording of screen'],
    );
    const startMs = (medium: string) => recording.media.find((file) => file.medium === medium)?.startMs ?? 0;
    return Math.abs((cameraS ?? 0) + startMs('camera') / 1000 - (screenS ?? 0) - startMs('screen') / 1000);
  };
  // Far from its end, however long it takes to look.
  await page.keyboard.press('1');
  await page.keyboard.press('k');
  await expect.poll(isPaused, 'it goes on with the camera').toBe(false);
  await page.keyboard.press('k');
  await expect.poll(isPaused, 'and stops with it').toBe(true);
  await expect.poll(apart).toBeLessThan(0.05);
  await page.keyboard.press('.');
  await expect.poll(apart, 'a step of one is a step of both').toBeLessThan(0.05);
  await page.getByRole('button', { name: 'In the corner' }).click();
  const widths = async () => [await camera.boundingBox(), await screen.boundingBox()].map((box) => box?.width ?? 0);
  await expect
    .poll(async () => {
      const [outer = 0, inner = 0] = await widths();
      return inner < outer / 2;
    }, 'the screen is in the corner')
    .toBe(true);
  await page.getByRole('button', { name: 'Swap' }).click();
  await expect(page.locator('media-controller').getByLabel('Recording of screen')).toBeVisible();
  await page.getByRole('button', { name: 'Side by side' }).click();
  await page.getByRole('button', { name: 'Swap' }).click();
});

test('the timeline tells what happened, and plays from there', async () => {
  const video = page.getByLabel('Recording of camera');
  const timeline = page.getByRole('region', { name: 'Timeline' });
  const muted = timeline.getByRole('button', { name: /^Microphone, .*Muted by the participant/ }).first();
  await muted.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => secondsOf(video)).toBeGreaterThan(4);
  await timeline.getByText('As a list').click();
  await expect(
    timeline
      .getByRole('listitem')
      .getByText(/Muted by the participant/)
      .first(),
  ).toBeVisible();

  const bar = page.locator('media-time-range');
  const box = await bar.boundingBox();
  if (!box) throw new Error('There is no bar to hover over');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const preview = page.locator('media-preview-thumbnail');
  await expect.poll(() => preview.getAttribute('mediapreviewimage')).toContain('/storyboard?v=');
  const tile = await page.request.get(
    new URL((await preview.getAttribute('mediapreviewimage')) ?? '', page.url()).href,
  );
  expect(tile.headers()['content-type']).toBe('image/jpeg');
});

test('graphs and steps tell how it went, and everybody can use the page', async () => {
  await expect(page.getByRole('region', { name: 'Over time' }).locator('canvas')).toHaveCount(4);
  await expect(page.getByRole('region', { name: 'What happened' }).getByText('Ready', { exact: true })).toBeVisible();
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await checkAccessibility(page, 'a recording');
    await page.screenshot({ path: test.info().outputPath(`recording-${width}.png`), fullPage: true });
  }
});

async function start(api: ApiClient): Promise<Recording> {
  const begun = await api.json<Recording>('POST', '/api/v1/recordings', { room, identity: 'pat' });
  return api.recordingWhere(room, ({ id, media }) => id === begun.id && media.length === 2);
}

function secondsOf(video: Locator): Promise<number> {
  return video.evaluate((element: HTMLVideoElement) => (element.seeking ? Number.NaN : element.currentTime));
}
