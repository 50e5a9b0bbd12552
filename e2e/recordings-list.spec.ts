/** The list of recordings: found, ordered, selected, downloaded and deleted, at a desk and on a phone. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright/test';
import type { LiveRoom, Recording } from '../app/_control/api.ts';
import { readZip } from '../infra/tests/read-zip.ts';
import type { ApiClient } from './api-client.ts';
import { checkAccessibility } from './check-accessibility.ts';
import { expect, test } from './fixtures.ts';
import type { Product } from './product.ts';

test.describe.configure({ mode: 'serial' });

const [ann, bob] = ['list ann', 'list bob'];
const room = 'listed room';
/** Everything of this file, whatever other files left behind. */
const ours = `/recordings?room=${encodeURIComponent(room)}`;

let page: Page;

test.beforeAll(async ({ browser, session }) => {
  page = await browser.newPage({ storageState: session });
});
test.afterAll(() => page.close());

test('four recordings come, and are shown as they do: three are over, one goes on', async ({ api, product }) => {
  test.setTimeout(300_000);
  await openList(product, 1440);
  await expect(page.getByRole('heading', { name: 'No recording matches' })).toBeVisible();
  await checkAccessibility(page, 'no recording matches');

  await Promise.all([join(api, ann), join(api, bob)]);
  for (const identity of [ann, ann, bob]) {
    const { id } = await api.json<Recording>('POST', '/api/v1/recordings', { room, identity });
    // The page was empty: what begins is shown at once.
    await expect(rows(page).first()).toBeVisible();
    await stopOnceRecorded(api, id);
  }
  await api.json('POST', '/api/v1/recordings', { room, identity: bob });
  await expect(rows(page)).toHaveCount(4);
  await expect(page.getByRole('row').filter({ hasText: 'Ready' })).toHaveCount(3);
});

test('several are deleted: what cannot be says why, and stays', async ({ product, api }) => {
  await openList(product, 360);
  // The newest is bob's, and goes on.
  await select(page, bob).first().check();
  await select(page, ann).first().check();
  await selectionBar(page).getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete 2 recordings?' });
  await expect(dialog).toContainText(ann);
  await checkAccessibility(page, 'asked before deletion');
  await page.screenshot({ path: test.info().outputPath('delete-360.png') });
  await dialog.getByRole('button', { name: 'Delete 2' }).click();
  await expect(page.getByRole('status').filter({ hasText: '1 was not deleted' })).toContainText(
    'This recording is not over yet',
  );
  await expect(rows(page)).toHaveCount(3);
  const left = await api.recordingsOf(room);
  expect(left.map(({ identity }) => identity).sort()).toEqual([ann, bob, bob]);

  const [running] = left.filter(({ status }) => status !== 'ready');
  await api.json('POST', `/api/v1/recordings/${running?.id}/stop`);
  await expect(page.getByRole('row').filter({ hasText: 'Ready' })).toHaveCount(3);
});

for (const width of [1440, 360]) {
  test(`at ${width} px it is searched, filtered and ordered, and the address says how`, async ({ product }) => {
    await openList(product, width);
    await expect(rows(page)).toHaveCount(3);
    await checkAccessibility(page, 'the list');
    await page.screenshot({ path: test.info().outputPath(`recordings-${width}.png`) });

    await page.getByRole('searchbox').fill('BOB');
    await expect(rows(page)).toHaveCount(2);
    await expect(page).toHaveURL(/q=BOB/);
    await page.getByRole('searchbox').fill('nobody is called this');
    await expect(page.getByRole('heading', { name: 'No recording matches' })).toBeVisible();
    await page.getByRole('link', { name: 'Clear filters' }).last().click();
    await expect(page).toHaveURL(/\/recordings$/);

    await page.getByRole('button', { name: /^Filter/ }).click();
    const menu = page.getByRole('dialog', { name: 'Filter recordings' });
    await menu.getByLabel('Room').fill(room);
    await menu.getByLabel('Started').selectOption('Over the API');
    await checkAccessibility(page, 'the filters');
    await menu.getByRole('button', { name: 'Show' }).click();
    await expect(page).toHaveURL(/origin=api/);
    await expect(rows(page)).toHaveCount(3);
    await page.getByRole('link', { name: 'Failed', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'No recording matches' })).toBeVisible();
    await page.getByRole('link', { name: 'Ready', exact: true }).click();
    await expect(rows(page)).toHaveCount(3);

    await page.getByLabel('Order').selectOption('Longest first');
    await expect(page).toHaveURL(/sort=longest/);
    await expect(page.getByRole('caption')).toHaveText('Recordings, longest first');
    await page.goBack();
    await expect(page.getByLabel('Order')).toHaveValue('newest');
    await page.getByRole('link', { name: 'Take off the filter Started' }).click();
    await expect(page).not.toHaveURL(/origin/);
  });

  test(`at ${width} px several are downloaded as one ZIP`, async ({ product, api }) => {
    await openList(product, width);
    for (const checkbox of await select(page, bob).all()) await checkbox.check();
    const bar = selectionBar(page);
    await expect(bar).toContainText('2 selected');
    await checkAccessibility(page, 'a selection');
    await page.screenshot({ path: test.info().outputPath(`selected-${width}.png`) });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      bar.getByRole('link', { name: /Download/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^recordings-\d{4}-\d\d-\d\d\.zip$/);
    const path = await download.path();
    const files = await readZip(readFileSync(path));
    const wanted = (await api.recordingsOf(room)).filter(({ identity }) => identity === bob);
    const sizes = wanted.flatMap(({ media }) => media).map(({ sizeBytes }) => sizeBytes);
    expect([...files.values()].map((file) => file.length).sort()).toEqual(sizes.sort());
    await bar.getByRole('button', { name: 'Select nothing' }).click();
    await expect(bar).toBeHidden();
  });
}

test('it is used by keyboard alone', async ({ product }) => {
  await openList(product, 1440);
  await expect(rows(page)).toHaveCount(3);
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.getByRole('searchbox').blur();
  const checked = page.getByRole('checkbox', { name: /^Select list/, checked: true });
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(checked).toHaveCount(1);
  await page.keyboard.press('Shift+J');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(checked).toHaveCount(3);
  await page.keyboard.press('Escape');
  await expect(checked).toHaveCount(0);
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/recordings\/[0-9a-f-]{36}$/);
  await page.goBack();

  // And with the mouse: everything between two.
  await select(page, bob).first().click();
  await select(page, ann)
    .last()
    .click({ modifiers: ['Shift'] });
  await expect(checked).toHaveCount(3);
});

test('all are selected and deleted', async ({ product, api }) => {
  await openList(product, 1440);
  await page.getByRole('checkbox', { name: /^Select all/ }).check();
  await selectionBar(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete 3' }).click();
  await expect(page.getByRole('heading', { name: 'No recording matches' })).toBeVisible();
  expect(await api.recordingsOf(room)).toEqual([]);
});

function selectionBar(page: Page) {
  return page.getByRole('region', { name: 'Selected recordings' });
}

/** Once it is told what changes, it also answers to what is done. */
async function openList(product: Product, width: number): Promise<void> {
  await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
  await page.goto(product.origin + ours);
  await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();
}

function rows(page: Page) {
  return page.getByRole('row').filter({ has: page.getByRole('checkbox', { name: /^Select list/ }) });
}

function select(page: Page, identity: string) {
  return page.getByRole('checkbox', { name: `Select ${identity} in ${room}` });
}

async function join(api: ApiClient, identity: string): Promise<void> {
  await api.addDemoParticipant({ room, identity, size: '320x180', seconds: 60 });
  await expect
    .poll(async () => {
      const { items } = await api.json<{ items: LiveRoom[] }>('GET', '/api/v1/rooms');
      const participants = items.find(({ name }) => name === room)?.participants ?? [];
      return participants.find((participant) => participant.identity === identity)?.tracks.length;
    })
    .toBe(2);
}

async function stopOnceRecorded(api: ApiClient, id: string): Promise<void> {
  const where = (holds: (recording: Recording) => boolean) =>
    api.recordingWhere(room, (recording) => recording.id === id && holds(recording));
  await where(({ durationMs }) => durationMs > 1000);
  await api.json('POST', `/api/v1/recordings/${id}/stop`);
  await where(({ status }) => status === 'ready');
}
