import { type Browser, type BrowserContext, test as base, expect } from 'playwright/test';
import { ApiClient } from './api-client.ts';
import { noteRefusals } from './note-refusals.ts';
import { cleanCheckout, type Product, removeFolder, startProduct } from './product.ts';

/** Cookies of a browser that is signed in: `browser.newContext({ storageState: session })`. */
type Session = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Whom `session` sets up. */
export const admin = { name: 'Ada Admin', email: 'ada@example.com', password: 'correct horse battery' };

interface WorkerFixtures {
  browser: Browser;
  refusals: string[];
  checkout: string;
  product: Product;
  session: Session;
}

/** One clean checkout and one running product for all tests of a worker. */
export const test = base.extend<{ api: ApiClient; nothingRefused: undefined }, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  refusals: [async ({}, use) => use([]), { scope: 'worker' }],
  browser: [
    async ({ browser, refusals }, use) => {
      noteRefusals(browser, refusals);
      await use(browser);
    },
    { scope: 'worker' },
  ],
  /** No page does what its content security policy forbids, whatever is tested. */
  nothingRefused: [
    async ({ refusals }, use) => {
      await use(undefined);
      expect(refusals.splice(0), 'what the content security policy refused').toEqual([]);
    },
    { auto: true },
  ],
  checkout: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const checkout = cleanCheckout();
      await use(checkout);
      removeFolder(checkout);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  product: [
    async ({ checkout }, use) => {
      const product = await startProduct(checkout);
      await use(product);
      await product.stop();
      removeFolder(product.dataDir);
    },
    // The first start installs, builds and, on a bare machine, compiles a LiveKit server.
    { scope: 'worker', timeout: 900_000 },
  ],
  /** The terminal's link works once, so it is used here, once for all tests; it leads to the first admin. */
  session: [
    async ({ product, browser }, use) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(product.signInLink);
      await page.waitForURL((url) => url.pathname === '/set-up');
      await page.getByLabel('Name').fill(admin.name);
      await page.getByLabel('E-mail').fill(admin.email);
      await page.getByLabel('Password', { exact: true }).fill(admin.password);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.waitForURL((url) => url.pathname === '/');
      const session = await context.storageState();
      await context.close();
      await use(session);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  api: async ({ product }, use) => {
    await use(new ApiClient(product));
  },
});

export { expect };
