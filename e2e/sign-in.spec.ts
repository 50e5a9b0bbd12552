/** Signing in, and what each role sees, as people meet it. The first admin is set up by the fixture `session`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import type { Invitation } from '../app/_control/users-api.ts';
import { checkAccessibility } from './check-accessibility.ts';
import { admin, expect, test } from './fixtures.ts';

test.describe.configure({ mode: 'serial' });

const widths = [360, 1440];
const viewer = { name: 'Vera Viewer', email: 'vera@example.com', password: 'a password for looking' };

async function checkAtEachWidth(page: Page, what: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    await checkAccessibility(page, what);
  }
}

/** On the page that asks for it. */
async function signIn(page: Page, { email, password }: { email: string; password: string }) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('who was set up by the link of the terminal signs in with a password, not with a wrong one, and is where they wanted', async ({
  product,
  browser,
  session: _,
}) => {
  const page = await browser.newPage();
  const wanted = `${product.origin}/recordings?status=failed&room=far+away`;
  await page.goto(wanted);
  await signIn(page, { ...admin, password: 'not the password' });
  await expect(page.getByText('E-mail address or password is wrong.')).toBeVisible();
  await checkAtEachWidth(page, 'sign-in');
  await page.getByLabel('Password', { exact: true }).fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Recordings' })).toBeVisible();
  expect(page.url()).toBe(wanted);
  await page.goto(`${product.origin}/sign-in?next=/%09/other.example`);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.goto(`${product.origin}/settings/account`);
  await checkAtEachWidth(page, 'account');
  await page.context().close();
});

test('an admin invites somebody, who chooses a password, and sees nothing a viewer may not do', async ({
  product,
  browser,
  session,
  api,
}) => {
  const page = await browser.newPage({ storageState: session });
  await page.goto(`${product.origin}/settings/users`);
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(viewer.name);
  await dialog.getByLabel('E-mail').fill(viewer.email);
  await dialog.getByLabel('Role').selectOption('viewer');
  await checkAtEachWidth(page, 'inviting');
  await dialog.getByRole('button', { name: 'Create link' }).click();
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await checkAtEachWidth(page, 'users');

  const guest = await browser.newPage();
  await guest.goto(link);
  await expect(guest.getByRole('heading', { name: `Welcome, ${viewer.name}` })).toBeVisible();
  await checkAtEachWidth(guest, 'invitation');
  await guest.getByLabel('Password', { exact: true }).fill(viewer.password);
  await guest.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(guest.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();

  const rule = await api.createRule({ name: 'nowhere', roomPattern: 'nowhere', identityPattern: '*', enabled: false });
  for (const path of ['/', '/recordings', '/rules']) {
    await guest.goto(product.origin + path);
    await expect(guest.getByRole('heading', { level: 1 })).toBeVisible();
    const doing = guest.getByRole('button', { name: /^(Record|Stop|Pause|Delete|New rule|Add a demo participant)/ });
    await expect(doing, path).toHaveCount(0);
  }
  await api.request('DELETE', `/api/v1/rules/${rule.id}`);
  await guest.goto(`${product.origin}/settings`);
  await expect(guest).toHaveURL(/\/settings\/account$/);
  for (const path of ['users', 'api-keys', 'activity']) {
    expect((await guest.goto(`${product.origin}/settings/${path}`))?.status(), path).toBe(404);
  }
  // What the page does not offer, the API refuses.
  const refused = await guest.request.delete(`${product.origin}/api/v1/rules/${crypto.randomUUID()}`, {
    headers: { origin: product.origin },
  });
  expect(refused.status()).toBe(403);

  await guest.goto(`${product.origin}/settings/account`);
  await page.reload();
  const row = page.getByRole('listitem').filter({ hasText: viewer.email });
  await row.getByLabel('Role').selectOption('operator');
  await expect(page.getByText('The role is Operator now')).toBeVisible();
  await guest.getByRole('button', { name: 'Save' }).click();
  await expect(guest.getByText('You were signed out', { exact: true }), 'another role is a new session').toBeVisible();
  await checkAtEachWidth(guest, 'signed out');
  await guest.getByRole('link', { name: 'Sign in again' }).click();
  await signIn(guest, viewer);
  await expect(guest).toHaveURL(`${product.origin}/settings/account`);
  await guest.goto(link);
  await expect(guest.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
  await guest.context().close();
  await page.context().close();
});

test('an API key is shown once, may what was chosen, and is revoked; the log says by whom', async ({
  product,
  browser,
  session,
}) => {
  const page = await browser.newPage({ storageState: session });
  await page.goto(`${product.origin}/settings/api-keys`);
  await checkAtEachWidth(page, 'no API keys');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name').fill('continuous integration');
  await page.getByLabel('It may').selectOption('operator');
  await page.getByLabel('rules:write').uncheck();
  await checkAtEachWidth(page, 'making an API key');
  await page.getByRole('button', { name: 'Create key' }).click();
  const key = await page.getByLabel('API key', { exact: true }).inputValue();
  // It fades out.
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await checkAtEachWidth(page, 'API keys');
  const ask = (method: string, path: string) =>
    fetch(product.origin + path, { method, headers: { authorization: `Bearer ${key}` } });
  expect((await ask('GET', '/api/v1/recordings')).status).toBe(200);
  expect((await ask('DELETE', `/api/v1/rules/${crypto.randomUUID()}`)).status).toBe(403);
  await page.reload();
  await expect(page.getByText(key)).toHaveCount(0);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('revoked')).toBeVisible();
  expect((await ask('GET', '/api/v1/recordings')).status).toBe(401);
  await page.getByRole('link', { name: 'Activity' }).click();
  const newest = page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ hasText: /API key continuous/ });
  await expect(newest).toHaveText([/^Ada Admin revoked an API key/, /^Ada Admin made an API key/]);
  await checkAtEachWidth(page, 'activity');
  await page.context().close();
});

test('a stolen invitation is worth nothing once a new one was made', async ({ product, api, browser }) => {
  const json = { name: 'Ivo', email: 'ivo@example.com', role: 'viewer' };
  const first = await api.json<Invitation>('POST', '/api/v1/users', json);
  await api.json<Invitation>('POST', `/api/v1/users/${first.user.id}/invitation`);
  const page = await browser.newPage();
  await page.goto(first.url);
  await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
  expect(new URL(first.url).origin).toBe(product.origin);
  await page.context().close();
});

test('what browsers are sent holds nothing of the server: no secret, and no name of one', ({ product }) => {
  const folder = join(product.checkout, '.next', 'static');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(js|css)$/.test(file));
  expect(files.length).toBeGreaterThan(5);
  const forbidden = [
    product.adminApiKey,
    'process.env.APP_SECRET',
    // The words of app/_control/environment.ts.
    'it signs the tokens of recorders',
    'it is the password of pool workers',
    'node-postgres',
    'argon2id',
  ];
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const words of forbidden) expect(text.includes(words), `${file} holds ${words}`).toBe(false);
    expect(text, file).not.toMatch(
      /\b(APP_SECRET|WORKER_TOKEN|DATABASE_URL|CRON_SECRET|LIVEKIT_API_SECRET)\b["']?\]?\s*[,:=]/,
    );
  }
});
