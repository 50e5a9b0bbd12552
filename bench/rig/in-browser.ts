/** Chromium, signed in. */
import { existsSync } from 'node:fs';
import { type BrowserContext, chromium } from 'playwright';
import type { DashboardRig } from './dashboard-rig.ts';

/** Where Linux distributions put it; elsewhere CHROMIUM_PATH, or the one that Playwright installed. */
const usualPaths = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'];

export async function inBrowser<Result>(
  rig: DashboardRig,
  work: (context: BrowserContext) => Promise<Result>,
): Promise<Result> {
  const browser = await chromium.launch({
    executablePath: usualPaths.find((path) => path !== undefined && existsSync(path)),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(rig.origin + (await rig.signInPath()));
    // To the dashboard, or to making an account first, which is not needed here.
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    await page.close();
    return await work(context);
  } finally {
    await browser.close();
  }
}
