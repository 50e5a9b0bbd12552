/**
 * The pictures in the README: SCREENSHOTS=1 npx playwright test -c e2e screenshots. Real recordings of real rooms; a
 * few of them go on while the pictures are taken, so it takes a minute and is no test of anything.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import type { Recording } from '../app/_control/api.ts';
import type { ApiClient } from './api-client.ts';
import { expect, test } from './fixtures.ts';

const folder = new URL('../docs/screenshots', import.meta.url).pathname;
const people = [
  { room: 'Keynote', identity: 'grace.hopper', codec: 'h264', size: '640x360', seconds: 240 },
  { room: 'Keynote', identity: 'stage-moderator', codec: 'vp8', size: '640x360', seconds: 240 },
  { room: 'Interview with Ada', identity: 'ada.byron', codec: 'vp9', size: '640x360', seconds: 45 },
  { room: 'Workshop 1', identity: 'katherine.johnson', codec: 'vp8', size: '640x360', seconds: 240 },
] as const;
/** Recorded to the end: shown on a page of its own, and shared. */
const shown = people[2];

test.skip(!process.env.SCREENSHOTS, 'SCREENSHOTS=1 takes them');

test('the four main pages', async ({ browser, product, api, session }) => {
  test.setTimeout(300_000);
  mkdirSync(folder, { recursive: true });
  await api.createRule({ name: 'All speakers', roomPattern: '*', identityPattern: '*.*' });
  for (const person of people) await api.addDemoParticipant(person);

  const page = await browser.newPage({
    storageState: session,
    colorScheme: 'light',
    viewport: { width: 1440, height: 900 },
  });
  await page.goto(product.origin);
  const ready = await api.recordingWhere(shown.room, ({ status }) => status === 'ready', 90_000);
  await expect.poll(async () => (await newest(api, ready)).posterUrl, { timeout: 60_000 }).not.toBeNull();
  const keynote = page.getByRole('region', { name: 'Keynote' });
  await expect(keynote.getByText('Renewed').first()).toBeVisible();
  // The graph holds what the page has seen.
  await expect(keynote.getByText(/^(0:5\d|[1-9]:\d\d)$/).first()).toBeVisible({ timeout: 60_000 });
  await picture(page, 'overview');

  await page.goto(`${product.origin}/recordings`);
  await expect(page.getByText(shown.identity).first()).toBeVisible();
  await picture(page, 'recordings');

  await page.goto(`${product.origin}/recordings/${ready.id}`);
  await showMiddle(page);
  await picture(page, 'recording');

  await page.goto((await api.createShare(ready.id)).url);
  await showMiddle(page);
  await picture(page, 'share');
  await page.close();
});

function newest(api: ApiClient, { id }: Recording): Promise<Recording> {
  return api.json('GET', `/api/v1/recordings/${id}`);
}

/** A picture from the middle instead of the poster. */
async function showMiddle(page: Page): Promise<void> {
  const video = page.locator('video').first();
  await video.evaluate(async (element: HTMLVideoElement) => {
    element.muted = true;
    await element.play();
    element.currentTime = element.duration / 2;
    await new Promise((resolve) => element.addEventListener('seeked', resolve, { once: true }));
    element.pause();
  });
}

/** With a palette: a page of text and a few colours is a third of the size, and looks the same. */
async function picture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  const full = test.info().outputPath(`${name}.png`);
  await page.screenshot({ path: full, animations: 'disabled' });
  const palette = 'split[a][b];[a]palettegen=max_colors=192[p];[b][p]paletteuse=dither=none';
  execFileSync(process.env.FFMPEG_PATH ?? 'ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    full,
    '-vf',
    palette,
    join(folder, `${name}.png`),
  ]);
  rmSync(full);
}
