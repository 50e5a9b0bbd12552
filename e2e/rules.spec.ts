/** Rules: written, tried out, switched off and deleted by who runs the rooms. */
import type { Rule } from '../app/_control/api.ts';
import { checkAccessibility } from './check-accessibility.ts';
import { expect, test } from './fixtures.ts';

for (const width of [360, 1440]) {
  test(`a rule is written, tried out, changed, switched off and deleted at ${width} px`, async ({
    browser,
    product,
    session,
    api,
  }) => {
    const room = `class-${width}`;
    const name = `Classes at ${width}`;
    const saved = async () => {
      const { items } = await api.json<{ items: Rule[] }>('GET', '/api/v1/rules');
      return items.find((rule) => rule.name === name);
    };
    await api.addDemoParticipant({ room, identity: 'teacher', size: '320x180', seconds: 45 });
    const page = await browser.newPage({ storageState: session, viewport: { width, height: 800 } });
    await page.goto(`${product.origin}/rules`);
    await checkAccessibility(page, 'rules');
    await page.getByRole('link', { name: 'New rule' }).first().click();
    await page.waitForURL('**/rules/new');

    const live = page.getByRole('region', { name: 'Would record now' });
    await page.getByLabel('Room pattern').fill('nowhere-*');
    await expect(live).toContainText(/0 of \d+ in a room now/);
    await page.getByLabel('Room pattern').fill(`${room}*`);
    await expect(live).toContainText('teacher');
    await expect(live).toContainText('Would be recorded.');
    await page.getByLabel('Identity pattern').fill('pupil-??');
    await expect(live).not.toContainText('teacher');

    const trial = page.getByRole('region', { name: 'Try a name' });
    await trial.getByLabel('In the room').fill(`${room}-b`);
    await trial.getByLabel('Somebody called').fill('pupil-7');
    await expect(trial.getByRole('status')).toHaveText('The identity pattern does not match.');
    await trial.getByLabel('Somebody called').fill('pupil-07');
    await expect(trial.getByRole('status')).toHaveText('Would be recorded.');
    await trial.getByLabel('Who is').selectOption('Phone calls');
    await expect(trial.getByRole('status')).toHaveText('This kind of participant is not ticked.');
    await checkAccessibility(page, 'a new rule');

    await page.getByRole('button', { name: 'Save rule' }).click();
    await expect(page.getByText('Must not be empty')).toBeVisible();
    await page.getByLabel('Name of the rule').fill(name);
    await page.getByLabel('Keep for days').fill('0');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await expect(page.getByText('Must be at least 1 day')).toBeVisible();
    await page.getByLabel('Keep for days').fill('14');
    await page.getByLabel('Reconnect window, seconds').fill('45');
    await page.getByRole('button', { name: 'Add a value' }).click();
    await page.getByLabel('Name of value 1').fill('level');
    await page.getByLabel('Value 1', { exact: true }).fill('3');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.waitForURL('**/rules');
    const item = page.getByRole('listitem').filter({ hasText: name });
    await expect(item).toContainText('kept 14 days');
    await expect(item).toContainText('level = 3');
    const rule = await saved();
    expect(rule).toMatchObject({
      identityPattern: 'pupil-??',
      reconnectWindowMs: 45_000,
      retainDays: 14,
      metadata: { level: 3 },
    });

    await item.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'Remove value 1' }).click();
    await page.getByLabel('Keep for days').fill('');
    await page.getByLabel('Camera').uncheck();
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.waitForURL('**/rules');
    expect(await saved()).toMatchObject({ metadata: null, retainDays: null, enabled: true });
    expect((await saved())?.tracks).not.toContain('camera');

    await item.getByRole('switch', { name: 'On' }).click();
    await expect.poll(async () => (await saved())?.enabled).toBe(false);
    await checkAccessibility(page, 'rules, one of them off');
    await expect(item.getByRole('link', { name: 'Its recordings' })).toHaveAttribute(
      'href',
      `/recordings?rule=${rule?.id}`,
    );
    await item.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    // Behind the question everything is hidden: what is gone is asked of the server first.
    await expect.poll(saved).toBeUndefined();
    await expect(item).toHaveCount(0);
    await page.close();
  });
}
