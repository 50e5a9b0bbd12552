/** The overview, as who runs a live event looks at it. */
import { checkAccessibility } from './check-accessibility.ts';
import { expect, test } from './fixtures.ts';

for (const width of [360, 1440]) {
  test(`everybody can use the overview at ${width} px`, async ({ browser, product, session }) => {
    const page = await browser.newPage({ storageState: session, viewport: { width, height: 800 } });
    await page.goto(product.origin);
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await checkAccessibility(page);
    await page.close();
  });
}
