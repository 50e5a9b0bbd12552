/** The overview, as who runs a live event looks at it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright/test';
import type { Invitation } from '../app/_control/users-api.ts';
import type { Webhook } from '../app/_control/webhooks-api.ts';
import { checkAccessibility } from './check-accessibility.ts';
import { expect, test } from './fixtures.ts';

test.describe.configure({ mode: 'serial' });

const widths = [360, 1440];
let page: Page;

test.beforeAll(async ({ browser, session }) => {
  page = await browser.newPage({ storageState: session });
});

test.afterAll(async () => {
  await page.close();
});

test('a live participant is watched without being recorded', async ({ product, api }) => {
  await page.goto(product.origin);
  await checkAtEachWidth('without rooms');
  await api.addDemoParticipant({
    room: 'stage',
    identity: 'ann',
    size: '640x360',
    seconds: 90,
  });
  const room = page.getByRole('region', { name: 'stage' });
  await expect(room.getByText('640×360')).toBeVisible();

  await room.getByRole('button', { name: 'Watch live' }).click();
  const dialog = page.getByRole('dialog', { name: 'ann' });
  const video = dialog.getByLabel('Camera');
  const pictures = () =>
    video.evaluate((element: HTMLVideoElement) => element.getVideoPlaybackQuality().totalVideoFrames);
  const first = await pictures();
  await expect.poll(pictures, 'pictures go on').toBeGreaterThan(first + 10);
  const audio = page.locator('audio');
  expect(await audio.evaluate((element: HTMLAudioElement) => element.muted), 'silent until asked').toBe(true);
  await dialog.getByRole('button', { name: 'Turn sound on' }).click();
  await expect.poll(() => audio.evaluate((element: HTMLAudioElement) => element.muted)).toBe(false);
  await checkAtEachWidth('with the live view');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(video).toBeHidden();
  await expect(room.getByRole('button', { name: 'Watch live' }), 'the focus is where it was').toBeFocused();
});

test('a recording shows its graphs and figures while it runs', async () => {
  const room = page.getByRole('region', { name: 'stage' });
  await room.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(room.getByText('Renewed')).toBeVisible();
  await expect(room.getByText('Up to date')).toBeVisible();
  // Something is drawn: the line of the bitrate is of another colour than the paper.
  const drawn = () =>
    room.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return new Set(new Uint32Array(Uint8ClampedArray.from(pixels).buffer)).size;
    });
  await expect.poll(drawn).toBeGreaterThan(20);
  await checkAtEachWidth('while it records');
  await room.getByRole('button', { name: 'Graphs', exact: true }).click();
  await expect(room.locator('canvas')).toBeHidden();
});

test('somebody is found by the keyboard alone', async () => {
  const room = page.getByRole('region', { name: 'stage' });
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('nobody of this name');
  await expect(room).toBeHidden();
  await page.keyboard.press('Escape');
  await page.keyboard.type('AN');
  await expect(room).toBeVisible();
  await page.keyboard.press('Escape');
});

test('when the stream of events breaks, the page says so, and goes on by itself when it is back', async () => {
  const events = '**/api/v1/events';
  await page.route(events, (route) => route.abort());
  await page.reload();
  await expect(page.getByText('Reconnecting')).toBeVisible();
  await page.unroute(events);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  const room = page.getByRole('region', { name: 'stage' });
  await room.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(room.getByRole('button', { name: 'Record', exact: true }), 'told by an event').toBeVisible();
});

test('what needs attention comes first, leads to where it is put right, and goes; a viewer only looks on', async ({
  product,
  api,
  browser,
}) => {
  const receiver = createServer((request, response) => {
    request.resume();
    response.writeHead(410).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  const webhook = await api.json<Webhook>('POST', '/api/v1/webhooks', { url: `http://127.0.0.1:${port}/` });
  await api.json('POST', `/api/v1/webhooks/${webhook.id}/test`);
  receiver.close();
  // Sooner than it would be told.
  await page.reload();
  const attention = page.getByRole('region', { name: 'Needs attention' });
  await expect(attention.getByText('A webhook switched itself off')).toBeVisible();
  await page.setViewportSize({ width: 360, height: 800 });
  await checkAccessibility(page, 'the overview with what needs attention');

  const viewer = await browser.newContext();
  const { url, user } = await api.json<Invitation>('POST', '/api/v1/users', {
    name: 'Vera',
    email: 'vera@example.com',
    role: 'viewer',
  });
  const token = new URL(url).searchParams.get('token');
  const json = { data: { token, password: 'a password of a viewer' }, headers: { origin: product.origin } };
  expect((await viewer.request.post(`${product.origin}/api/sign-in`, json)).status()).toBe(200);
  const theirs = await viewer.newPage();
  await theirs.goto(product.origin);
  await expect(theirs.getByText('Live', { exact: true })).toBeVisible();
  await expect(theirs.getByRole('link', { name: 'ann stage' })).toBeVisible();
  for (const name of ['Record', 'Add a demo participant']) {
    await expect(theirs.getByRole('button', { name, exact: true })).toHaveCount(0);
  }
  await expect(theirs.getByText('A webhook switched itself off')).toHaveCount(0);
  await viewer.close();

  await attention.getByRole('link', { name: 'Open its log' }).click();
  await page.getByRole('button', { name: 'Leave it off' }).click();
  await expect(page.getByText('Switched off by itself')).toHaveCount(0);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
  await expect(attention.getByText('A webhook switched itself off')).toBeHidden();
  for (const path of [`webhooks/${webhook.id}`, `users/${user.id}`]) await api.request('DELETE', `/api/v1/${path}`);
});

async function checkAtEachWidth(what: string): Promise<void> {
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    await checkAccessibility(page, `the overview ${what}`);
  }
  if (before) await page.setViewportSize(before);
}
