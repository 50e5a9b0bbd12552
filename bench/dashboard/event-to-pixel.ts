/**
 * A recording changes in the database; how long until a browser has painted it, while hundreds of other streams are told the
 * same. From before the transaction that changes it, to the frame after the one in which the page's text changed.
 */
import { Agent, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { desc, eq } from 'drizzle-orm';
import type { Page } from 'playwright';
import { recordEvents } from '../../app/_control/record-events.ts';
import { recordings } from '../../db/schema.ts';
import type { Figure } from '../figure.ts';
import type { DashboardRig } from '../rig/dashboard-rig.ts';
import { inBrowser } from '../rig/in-browser.ts';
import { percentile } from '../rig/percentile.ts';
import { send } from '../rig/timed-request.ts';

const TURNS = 40;
/** Not in step with heartbeats or frames. */
const BETWEEN_MS = 230;
const SEEN_WITHIN_MS = 10_000;

export async function measureEventToPixel(
  rig: DashboardRig,
  streams: number,
  say: (message: string) => void,
): Promise<Figure[]> {
  // The browser has one of them.
  const listeners = await Promise.all(Array.from({ length: streams - 1 }, () => listen(rig)));
  say(`${streams} streams are open`);
  try {
    const took = await inBrowser(rig, async (context) => {
      const page = await context.newPage();
      await page.goto(`${rig.origin}/recordings`);
      await page.getByText('Live', { exact: true }).or(page.getByRole('table')).first().waitFor();
      await watchForTurns(page);
      await delay(1000);
      const began: number[] = [];
      for (let turn = 0; turn < TURNS; turn++) {
        began.push(performance.timeOrigin + performance.now());
        await change(rig, nameOf(turn));
        await delay(BETWEEN_MS);
      }
      const seen = await seenTurns(page);
      return began.map((at, turn) => (seen[nameOf(turn)] ?? Number.POSITIVE_INFINITY) - at);
    });
    await delay(500);
    const heard = listeners.map((listener) => listener.turns());
    const note = `${streams} streams, ${TURNS} events`;
    return [
      { name: 'event to pixel, median', value: percentile(took, 0.5), unit: 'ms', note },
      { name: 'event to pixel, p95', value: percentile(took, 0.95), unit: 'ms', target: { most: 250 } },
      {
        name: 'events that a stream was not told, or twice',
        value: heard.reduce((sum, turns) => sum + Math.abs(TURNS - turns), 0),
        unit: '',
        target: { most: 0 },
      },
    ];
  } finally {
    for (const { response } of listeners) response.destroy();
  }
}

function nameOf(turn: number): string {
  return `turn-${String(turn).padStart(3, '0')}`;
}

/** The newest recording gets another name, which is what its row shows. */
async function change({ database: { db } }: DashboardRig, identity: string): Promise<void> {
  await db.transaction(async (transaction) => {
    const [newest] = await transaction
      .select({ id: recordings.id })
      .from(recordings)
      .orderBy(desc(recordings.requestedAt))
      .limit(1);
    const rows = await transaction
      .update(recordings)
      .set({ identity })
      .where(eq(recordings.id, newest?.id ?? ''))
      .returning();
    await recordEvents(transaction, rows);
  });
}

interface Listener {
  response: IncomingMessage;
  /** How many of the events it was told. */
  turns(): number;
}

const streamConnections = new Agent();

async function listen({ origin, adminApiKey }: DashboardRig): Promise<Listener> {
  const headers = { authorization: `Bearer ${adminApiKey}`, accept: 'text/event-stream' };
  const response = await send(`${origin}/api/v1/events`, { agent: streamConnections, headers });
  if (response.statusCode !== 200) throw new Error(`A stream was refused with ${response.statusCode}.`);
  let turns = 0;
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    turns += lines.filter((line) => line.startsWith('data:') && line.includes('"identity":"turn-')).length;
  });
  response.on('error', () => {});
  return { response, turns: () => turns };
}

/** Notes in the page when each name was painted, on the clock of the machine. */
async function watchForTurns(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seenTurns: seen });
    const note = () => {
      const name = /turn-\d{3}/.exec(document.querySelector('table')?.textContent ?? '')?.[0];
      if (name === undefined || seen[name] !== undefined) return;
      seen[name] = Number.POSITIVE_INFINITY;
      requestAnimationFrame(() =>
        setTimeout(() => {
          seen[name] = performance.timeOrigin + performance.now();
        }),
      );
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

async function seenTurns(page: Page): Promise<Record<string, number>> {
  const read = () => page.evaluate(() => (window as unknown as { seenTurns: Record<string, number> }).seenTurns);
  const until = performance.now() + SEEN_WITHIN_MS;
  for (;;) {
    const seen = await read();
    if (seen[nameOf(TURNS - 1)] !== undefined || performance.now() > until) return seen;
    await delay(50);
  }
}
