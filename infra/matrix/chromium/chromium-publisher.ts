/** A page of a real Chromium that publishes with livekit-client. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { projectFolder } from '../../dev/prepare.mjs';
import type { PageCounts, PagePlan } from './publisher-page.ts';

const FROZEN_WITHIN_MS = 10_000;

const html = `<!doctype html><title>publisher</title><body>
<script type="importmap">{"imports":{"livekit-client":"/node_modules/livekit-client/dist/livekit-client.esm.mjs"}}</script>
<script type="module" src="/.build/infra/matrix/chromium/publisher-page.js"></script>`;

/** Undefined: there is no Chromium on this machine. */
export function findChromium(): string | undefined {
  const paths = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    chromium.executablePath(),
  ];
  return paths.find((path): path is string => path !== undefined && path !== '' && existsSync(path));
}

export class ChromiumPublisher {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #server: PageServer;

  private constructor(browser: Browser, page: Page, server: PageServer) {
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
  }

  static async start(plan: PagePlan): Promise<ChromiumPublisher> {
    const server = await servePage();
    const browser = await chromium.launch({
      executablePath: findChromium(),
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
        ...['--auto-accept-this-tab-capture', '--autoplay-policy=no-user-gesture-required'],
      ],
    });
    try {
      const page = await browser.newPage({ viewport: { width: plan.width, height: plan.height } });
      await page.goto(server.url);
      await page.waitForFunction(() => 'publisher' in window);
      await page.evaluate((given) => window.publisher.publish(given), plan);
      return new ChromiumPublisher(browser, page, server);
    } catch (error) {
      await browser.close();
      server.close();
      throw error;
    }
  }

  counts(): Promise<PageCounts> {
    return this.#page.evaluate(() => window.publisher.counts());
  }

  /** Resolves when the last picture has left, with what was sent. */
  async freeze(): Promise<PageCounts> {
    await this.#page.evaluate(() => window.publisher.freeze());
    const untilMs = performance.now() + FROZEN_WITHIN_MS;
    for (let before = -1, same = 0; ; ) {
      const counts = await this.counts();
      same = counts.framesSent === before ? same + 1 : 0;
      before = counts.framesSent;
      if (same >= 3 || performance.now() > untilMs) return counts;
      await this.#page.waitForTimeout(200);
    }
  }

  async leave(): Promise<void> {
    await this.#page.evaluate(() => window.publisher.leave()).catch(() => undefined);
    await this.#browser.close();
    this.#server.close();
  }
}

interface PageServer {
  url: string;
  close(): void;
}

/** From this machine, as getDisplayMedia wants it and the LiveKit server beside it. */
async function servePage(): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://page').pathname);
    if (path === '/') {
      response.setHeader('content-type', 'text/html').end(html);
      return;
    }
    const isOurs = /^\/(\.build\/infra|node_modules\/livekit-client\/dist)\/.*\.m?js$/.test(path);
    const reading = isOurs ? readFile(join(projectFolder, path)) : Promise.reject(new Error('not of the page'));
    reading.then(
      (script) => response.setHeader('content-type', 'text/javascript').end(script),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
