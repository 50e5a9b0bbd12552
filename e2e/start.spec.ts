/** `npm start` itself: what it prints, what it refuses, and that it leaves nothing behind. */
import { createServer } from 'node:net';
import { expect, test } from './fixtures.ts';
import { freePort, processesOf, removeFolder, startProduct, startRefused } from './product.ts';

test('npm start says where everything runs, and health says that all parts are up', async ({ product, api }) => {
  expect(product.output()).toContain(product.origin.replace('localhost', '').slice(-5));
  const health = await api.json<{ status: string; parts: Record<string, { status: string }> }>('GET', '/api/health');
  expect(health.status).toBe('up');
  expect(Object.keys(health.parts).sort()).toEqual(['database', 'livekit', 'storage', 'worker']);
});

test('a second copy on the same data folder refuses with a sentence', async ({ product }) => {
  const port = await freePort();
  const { code, output } = await startRefused(product.checkout, { DATA_DIR: product.dataDir, PORT: String(port) });
  expect(code).not.toBe(0);
  expect(output).toContain(product.dataDir);
  expect(output).not.toMatch(/^\s+at /m);
});

test('a port in use is one sentence that names the setting', async ({ product }) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, resolve));
  const address = taken.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const dataDir = `${product.dataDir}-taken`;
  const { code, output } = await startRefused(product.checkout, { DATA_DIR: dataDir, PORT: String(address.port) });
  taken.close();
  expect(code).not.toBe(0);
  expect(output).toContain(String(address.port));
  expect(output).toContain('PORT');
  expect(output).not.toMatch(/^\s+at /m);
  removeFolder(dataDir);
});

test('SIGTERM stops everything within 10 s, leaves no process, and the next start finds its data', async ({
  product,
}) => {
  const own = { DATA_DIR: `${product.dataDir}-own` };
  const first = await startProduct(product.checkout, own);
  const created = await fetch(`${first.origin}/api/v1/rules`, {
    method: 'POST',
    headers: { authorization: `Bearer ${first.adminApiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'kept', roomPattern: 'nowhere', identityPattern: '*' }),
  });
  expect(created.status).toBe(201);
  const stopped = await first.stop();
  expect(stopped.tookMs).toBeLessThan(10_000);
  expect(processesOf({ checkout: own.DATA_DIR, dataDir: own.DATA_DIR })).toEqual([]);

  const second = await startProduct(product.checkout, own);
  const rules = await fetch(`${second.origin}/api/v1/rules`, {
    headers: { authorization: `Bearer ${second.adminApiKey}` },
  });
  expect(JSON.stringify(await rules.json())).toContain('kept');
  await second.stop();
  expect(processesOf({ checkout: own.DATA_DIR, dataDir: own.DATA_DIR })).toEqual([]);
  removeFolder(own.DATA_DIR);
});
