/** The settings and the reference of the API, as who runs an installation uses them. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright/test';
import { Webhook as Verifier } from 'standardwebhooks';
import { checkAccessibility } from './check-accessibility.ts';
import { expect, test } from './fixtures.ts';

test.describe.configure({ mode: 'serial' });

const widths = [360, 1440];
let page: Page;
let receiver: Server;
let received: { headers: IncomingHttpHeaders; body: string }[] = [];
let answer = 204;

test.beforeAll(async ({ browser, session }) => {
  page = await browser.newPage({ storageState: session });
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer).end(answer === 204 ? undefined : 'the receiver is out of order');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

test.afterAll(async () => {
  await page.close();
  receiver.closeAllConnections();
  receiver.close();
});

test('the connections say what works, and what LiveKit has to be told', async ({ product }) => {
  await page.goto(product.origin);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  const livekit = page.getByRole('status', { name: 'Check of LiveKit' });
  await expect(livekit.getByText('LiveKit accepts them.')).toBeVisible();
  await expect(livekit.getByRole('img', { name: 'Does not work' })).toHaveCount(0);
  await expect(page.getByText(`${product.origin}/api/livekit/webhook`).first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Workers' }).getByText('of 100 taken')).toBeVisible();
  await checkAtEachWidth('the connections');
});

test('the storage is written, read and deleted on request', async () => {
  await settings('Storage');
  const storage = page.getByRole('status', { name: 'Check of Storage' });
  await expect(storage.getByRole('img', { name: 'Works' })).toHaveCount(4);
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(storage.getByRole('img', { name: 'Works' })).toHaveCount(4);
  await checkAtEachWidth('the storage');
});

test('how long recordings are kept is set by hand, and shorter only after a question', async () => {
  await settings('Retention');
  const days = page.getByRole('spinbutton', { name: 'Days' });
  await page.getByText('For some days').click();
  await days.fill('90');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Save and delete older ones' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  await page.reload();
  await expect(days).toHaveValue('90');
  await page.getByText('Until somebody deletes them').click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  await checkAtEachWidth('the retention');
});

test('a webhook is made, tested, fails, is sent again, and tells of a recording', async ({ api }) => {
  await settings('Webhooks');
  await checkAtEachWidth('no webhooks');
  await page.getByRole('button', { name: 'New webhook' }).click();
  await page.getByLabel('Address').fill('http://10.0.0.1/hook');
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await expect(page.getByText('is a private address')).toBeVisible();
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  await page.getByLabel('Address').fill(url);
  await checkAtEachWidth('a new webhook');
  await page.getByRole('button', { name: 'Create webhook' }).click();

  const dialog = page.getByRole('dialog', { name: 'The secret of this webhook' });
  const secret = (await dialog.getByText(/^whsec_/).textContent()) ?? '';
  const verify = () =>
    received.map(({ headers, body }) => new Verifier(secret).verify(body, headers as Record<string, string>));
  await checkAtEachWidth('the secret of a webhook');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await checkAtEachWidth('the list of webhooks');

  await page.getByRole('link', { name: url }).click();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await expect(page.getByText('Delivered: it answered 204')).toBeVisible();
  expect(verify()).toEqual([expect.objectContaining({ type: 'webhook.test' })]);

  answer = 503;
  received = [];
  await page.getByRole('button', { name: 'Send a test' }).click();
  const failed = page.getByRole('listitem').filter({ has: page.getByRole('img', { name: 'Failed' }) });
  await failed.getByText('webhook.test').first().click();
  await expect(failed.getByText('the receiver is out of order')).toBeVisible();
  await expect(page.getByText('Failing since')).toBeVisible();
  await checkAtEachWidth('a webhook that fails');
  answer = 204;
  await failed.getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByText('Failing since')).toBeHidden();
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 'the same message').toBe(1);

  received = [];
  await api.addDemoParticipant({ room: 'told', identity: 'ann', size: '320x180', seconds: 30 });
  const start = () => api.request('POST', '/api/v1/recordings', { room: 'told', identity: 'ann' });
  await expect.poll(async () => (await start()).status).toBe(201);
  await expect.poll(() => received.map(({ body }) => JSON.parse(body).type)).toContain('recording.started');
  const [recording] = await api.recordingsOf('told');
  await api.json('POST', `/api/v1/recordings/${recording?.id}/stop`);
  await expect.poll(() => received.map(({ body }) => JSON.parse(body).type)).toContain('recording.ready');
  expect(verify()).toContainEqual(
    expect.objectContaining({ data: expect.objectContaining({ id: recording?.id, status: 'ready' }) }),
  );
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByText('recording.ready', { exact: true }).last()).toBeVisible();
});

test('the reference says how to call everything', async ({ product, api }) => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'API' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'API reference' })).toBeVisible();
  const start = page.locator('#post-recordings');
  await expect(start.getByText('Idempotency-Key', { exact: true })).toBeVisible();
  await expect(start.getByText(`curl -X POST '${product.origin}/api/v1/recordings'`)).toBeVisible();
  await checkAtEachWidth('the reference of the API');
  const document = await api.json<{ openapi: string }>('GET', '/api/v1/openapi.json');
  expect(document.openapi).toBe('3.1.0');
});

function settings(place: string): Promise<void> {
  return page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: place }).click();
}

async function checkAtEachWidth(what: string): Promise<void> {
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    await checkAccessibility(page, what);
  }
  if (before) await page.setViewportSize(before);
}
