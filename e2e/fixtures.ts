import { test as base } from 'playwright/test';
import { ApiClient } from './api-client.ts';
import { cleanCheckout, type Product, removeFolder, startProduct } from './product.ts';

/** One clean checkout and one running product for all tests of a worker. */
export const test = base.extend<{ api: ApiClient }, { checkout: string; product: Product }>({
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
  api: async ({ product }, use) => {
    await use(new ApiClient(product));
  },
});

export { expect } from 'playwright/test';
