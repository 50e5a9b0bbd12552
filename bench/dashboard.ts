/** What the dashboard promises about speed, each as a person or a server meets it: over HTTP, or in a browser. */
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { measureEventToPixel } from './dashboard/event-to-pixel.ts';
import { measureListQueries } from './dashboard/list-queries.ts';
import { measurePageScript } from './dashboard/page-script.ts';
import { measureRangeProxy } from './dashboard/range-proxy.ts';
import { measureWebhookBurst } from './dashboard/webhook-burst.ts';
import type { Figure } from './figure.ts';
import { startDashboardRig } from './rig/dashboard-rig.ts';

const USUAL_ROWS = 100_000;
const USUAL_STREAMS = 500;
const USUAL_WEBHOOKS = 1000;

export const dashboard: Benchmark = {
  summary: 'script of a page; lists; events to pixels; webhooks; ranges through the dashboard.',
  options: {
    recordings: `recordings in the database (${USUAL_ROWS})`,
    streams: `event streams open at once (${USUAL_STREAMS})`,
    webhooks: `webhooks in ten seconds (${USUAL_WEBHOOKS})`,
  },
  run,
};

async function run(context: BenchmarkContext): Promise<Figure[]> {
  const { say } = context;
  const rows = Math.floor(context.number('recordings', USUAL_ROWS));
  const streams = Math.floor(context.number('streams', USUAL_STREAMS));
  const webhooks = Math.floor(context.number('webhooks', USUAL_WEBHOOKS));
  const rig = await startDashboardRig(say);
  try {
    // All that follows is measured with so many recordings in the database.
    const lists = await measureListQueries(rig, rows, say);
    return [
      ...(await measurePageScript(rig)),
      ...lists,
      ...(await measureEventToPixel(rig, streams, say)),
      ...(await measureWebhookBurst(rig, webhooks, say)),
      ...(await measureRangeProxy(rig, say)),
    ];
  } finally {
    await rig.stop();
  }
}
