/** What a first visit of the recordings page loads of script: bytes on the wire, compressed as the dashboard serves them. */
import type { Figure } from '../figure.ts';
import type { DashboardRig } from '../rig/dashboard-rig.ts';
import { inBrowser } from '../rig/in-browser.ts';

/** After the page is there, the pages it links to are fetched ahead. */
const AHEAD_MS = 3000;

export async function measurePageScript(rig: DashboardRig): Promise<Figure[]> {
  return inBrowser(rig, async (context) => {
    const page = await context.newPage();
    const client = await context.newCDPSession(page);
    await client.send('Network.enable');
    await client.send('Network.setCacheDisabled', { cacheDisabled: true });
    const scripts = new Map<string, { firstLoad: boolean; bytes: number }>();
    let loaded = false;
    client.on('Network.responseReceived', ({ requestId, type }) => {
      if (type === 'Script') scripts.set(requestId, { firstLoad: !loaded, bytes: 0 });
    });
    client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const script = scripts.get(requestId);
      if (script) script.bytes = encodedDataLength;
    });
    client.on('Page.loadEventFired', () => {
      loaded = true;
    });
    await client.send('Page.enable');
    await page.goto(`${rig.origin}/recordings`, { waitUntil: 'load' });
    await page.waitForTimeout(AHEAD_MS);
    const all = [...scripts.values()];
    const kilobytes = (some: typeof all) => some.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
    const first = all.filter(({ firstLoad }) => firstLoad);
    return [
      {
        name: 'recordings page: script of the first load, compressed',
        value: kilobytes(first),
        unit: 'kB',
        target: { most: 200 },
        note: `${first.length} files`,
      },
      { name: 'recordings page: with what is fetched ahead for other pages', value: kilobytes(all), unit: 'kB' },
    ];
  });
}
