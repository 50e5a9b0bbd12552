/** Sharing: the dialog of who shares, the page of who has the link, and frames in other sites' pages. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright/test';
import type { CreatedShare, CreateShareRequest, Recording, Share } from '../app/_control/api.ts';
import { ApiClient } from './api-client.ts';
import { checkAccessibility } from './check-accessibility.ts';
import { expect, test } from './fixtures.ts';
import { recordDemo } from './record-demo.ts';

test.describe.configure({ mode: 'serial' });

const widths = [360, 1440] as const;
let recording: Recording;

test.beforeAll(async ({ product }) => {
  recording = await recordDemo(new ApiClient(product), 'shared room', 'Ada Lovelace');
});

const share = (api: ApiClient, wish: CreateShareRequest = {}) =>
  api.json<CreatedShare>('POST', `/api/v1/recordings/${recording.id}/shares`, wish);

const playedS = (page: Pick<Page, 'locator'>) =>
  page
    .locator('video')
    .first()
    .evaluate((video: HTMLVideoElement) => (video.readyState >= 2 ? video.currentTime : 0));

for (const width of widths) {
  test(`a link is made with everything it can have, copied, listed and revoked at ${width} px`, async ({
    browser,
    product,
    session,
    api,
  }) => {
    const page = await browser.newPage({ storageState: session, viewport: { width, height: 800 } });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: product.origin });
    await page.goto(`${product.origin}/recordings/${recording.id}`);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Label').fill(`for a width of ${width}`);
    await dialog.getByText('30 days').click();
    await dialog.getByText('Allow download').click();
    await dialog.getByText('More options').click();
    await dialog.getByLabel('Password', { exact: true }).fill('abc');
    await dialog.getByLabel('Views at most').fill('3');
    await dialog.getByLabel('Start at').fill('0:02');
    await dialog.getByLabel('Sites that may embed it').fill('blog.example.com');
    await checkAccessibility(page, 'the share dialog');
    await dialog.getByRole('button', { name: 'Create link' }).click();
    await expect(dialog.getByText('Must have at least 4 characters')).toBeVisible();
    await dialog.getByLabel('Password', { exact: true }).fill('open sesame');
    await dialog.getByRole('button', { name: 'Create link' }).click();
    const address = dialog.getByRole('textbox', { name: 'Share link' });
    await expect(address).toHaveValue(/\/s\/[\w-]{43}$/);
    await dialog.getByRole('button', { name: 'Copy link' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await address.inputValue());
    await checkAccessibility(page, 'the share dialog with a link');

    const { items } = await api.json<{ items: Share[] }>('GET', `/api/v1/recordings/${recording.id}/shares`);
    const made = items.find(({ label }) => label === `for a width of ${width}`);
    expect(made).toMatchObject({ maxViews: 3, allowDownload: true, hasPassword: true, startAtMs: 2000 });
    expect(made?.embedSites).toEqual(['https://blog.example.com']);
    const livesDays = (Date.parse(made?.expiresAt ?? '') - Date.parse(made?.createdAt ?? '')) / 86_400_000;
    expect(livesDays).toBeCloseTo(30, 2);

    const row = dialog.getByRole('listitem').filter({ hasText: `for a width of ${width}` });
    await expect(row).toContainText('0 of 3 views');
    await row.getByRole('button', { name: 'Revoke' }).click();
    await expect(row).toContainText('Revoked');
    await page.close();
  });

  test(`a link with a password asks for it, then plays from its start, at ${width} px`, async ({ browser, api }) => {
    const { url } = await share(api, { password: 'open sesame', startAtMs: 3000, allowDownload: true });
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const html = await (await page.goto(url))?.text();
    expect(html).not.toContain('Ada Lovelace');
    expect(html).not.toContain('og:image');
    await expect(page.getByRole('heading', { name: 'This recording is protected' })).toBeVisible();
    await checkAccessibility(page, 'the password of a link');
    await page.getByLabel('Password').fill('open simsim');
    await page.getByRole('button', { name: 'Watch' }).click();
    await expect(page.getByText('This is not the password of this link.')).toBeVisible();
    await page.getByLabel('Password').fill('open sesame');
    await page.getByRole('button', { name: 'Watch' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Ada Lovelace' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Download' })).toBeVisible();
    await expect.poll(() => playedS(page)).toBeGreaterThanOrEqual(3);
    await checkAccessibility(page, 'a shared recording');
    const cookies = await page.context().cookies(url);
    expect(cookies).toMatchObject([{ path: new URL(url).pathname, httpOnly: true, sameSite: 'Lax' }]);
    await page.context().close();
  });
}

test('revoking ends what is being watched with the next byte range, and the page says that the link does not work', async ({
  browser,
  api,
}) => {
  const { id, url } = await share(api);
  const page = await browser.newPage();
  const response = await page.goto(url);
  expect(response?.headers()).toMatchObject({
    'referrer-policy': 'no-referrer',
    'x-robots-tag': expect.stringContaining('noindex'),
  });
  // In the head, where who looks for it without a browser finds it.
  const head = (await response?.text())?.split('</head>')[0];
  expect(head).toMatch(/<link[^>]+type="application\/json\+oembed"/);
  await expect(page.locator('meta[name=robots]').first()).toHaveAttribute('content', /noindex/);
  await expect(page.locator('meta[property="og:title"]')).toHaveAttribute('content', 'Ada Lovelace');
  await page.locator('video').evaluate(async (video: HTMLVideoElement) => {
    video.muted = true;
    await video.play();
  });
  await expect.poll(() => playedS(page)).toBeGreaterThan(0.2);
  // With the cookie of who is watching.
  const nextRange = () => page.request.get(`${url}/media`, { headers: { range: 'bytes=1000-1999' } });
  expect((await nextRange()).status()).toBe(206);
  await api.json('DELETE', `/api/v1/shares/${id}`);
  expect((await nextRange()).status()).toBe(404);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
  await checkAccessibility(page, 'a link that does not work');
  await page.context().close();
});

test('unknown, revoked and used up are the same page, to the letter', async ({ browser, product, api }) => {
  const revoked = await share(api);
  await api.json('DELETE', `/api/v1/shares/${revoked.id}`);
  const used = await share(api, { maxViews: 1 });
  const visitor = await browser.newContext();
  expect((await visitor.request.get(`${used.url}/media`)).status()).toBe(200);
  await visitor.clearCookies();
  const unknown = { url: `${product.origin}/s/${'x'.repeat(43)}` };
  const answers = [];
  for (const { url } of [unknown, revoked, used]) {
    for (const place of [url, `${url}/embed`]) {
      const response = await visitor.request.get(place);
      const token = url.slice(url.lastIndexOf('/') + 1);
      // Of each answer alone: the token that was asked for, the nonce of its scripts, when it was.
      const nonce = /nonce-([^']+)'/.exec(response.headers()['content-security-policy'] ?? '')?.[1] ?? '';
      const { date: _, ...headers } = response.headers();
      const answer = JSON.stringify([response.status(), headers, await response.text()]);
      answers.push(answer.replaceAll(token, 'TOKEN').replaceAll(nonce, 'NONCE'));
    }
  }
  const [page, frame, ...others] = answers;
  expect(page).toMatch(/^\[404,/);
  expect(others).toEqual([page, frame, page, frame]);
  await visitor.close();
});

test('a site that is named may show it in a frame, another may not; oEmbed says how', async ({
  browser,
  product,
  api,
}) => {
  const sites = [await startSite(), await startSite()] as const;
  const [named, other] = sites.map(({ origin }) => origin);
  const { url } = await share(api, { startAtMs: 2000, embedSites: [named ?? ''] });
  const described = await fetch(`${product.origin}/api/oembed?${new URLSearchParams({ url, maxwidth: '640' })}`);
  expect(described.status).toBe(200);
  const embed = (await described.json()) as { html: string };
  expect(embed).toMatchObject({ version: '1.0', type: 'video', title: 'Ada Lovelace', width: 640, height: 360 });
  for (const site of sites) site.html = `<!doctype html><title>A blog</title><p>See:</p>${embed.html}`;

  const page = await browser.newPage({ viewport: { width: 700, height: 500 } });
  await page.goto(named ?? '');
  const frame = page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Play the recording of Ada Lovelace' }).click();
  await expect.poll(() => playedS(frame)).toBeGreaterThan(2.2);

  await page.goto(other ?? '');
  await expect.poll(() => page.frames()[1]?.url()).toMatch(/^chrome-error:/);
  await page.close();

  const view = await browser.newPage({ viewport: { width: 480, height: 270 } });
  await view.goto(`${url}/embed`);
  await checkAccessibility(view, 'the frame');
  await view.close();
  const link = await share(api);
  const plain = await fetch(`${product.origin}/api/oembed?${new URLSearchParams({ url: link.url })}`);
  expect(await plain.json()).toMatchObject({ type: 'link', title: 'Ada Lovelace' });
  for (const site of sites) site.server.close();
});

/** A page of somebody else: another site to the browser than `localhost`. */
async function startSite(): Promise<{ origin: string; server: Server; html: string }> {
  const site = { origin: '', server: createServer(), html: '' };
  site.server.on('request', (_, response) => response.setHeader('content-type', 'text/html').end(site.html));
  await new Promise<void>((resolve) => site.server.listen(0, '127.0.0.1', resolve));
  site.origin = `http://127.0.0.1:${(site.server.address() as AddressInfo).port}`;
  return site;
}
