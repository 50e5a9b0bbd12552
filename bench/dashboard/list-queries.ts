/** `GET /api/v1/recordings` over HTTP, 50 a page: each order at its beginning and in the middle, each filter in two orders. */
import { sql } from 'drizzle-orm';
import { writeCursor } from '../../app/_control/list-recordings.ts';
import { findRecording } from '../../db/queries/find-recording.ts';
import { positionOf } from '../../db/queries/list-recordings.ts';
import { recordingSorts } from '../../db/queries/recording-sorts.ts';
import type { Figure } from '../figure.ts';
import type { DashboardRig } from '../rig/dashboard-rig.ts';
import { fillRecordings } from '../rig/fill-recordings.ts';
import { percentile } from '../rig/percentile.ts';
import { timedRequest } from '../rig/timed-request.ts';

const TURNS = 12;

const filters: Record<string, Record<string, string>> = {
  'failed ones': { status: 'failed,absent' },
  'those in progress': { status: 'requested,starting,recording,paused,finalising' },
  'a room with 20 000': { room: 'daily standup' },
  'a room with 75': { room: 'interview 17' },
  'a participant': { identity: 'ada lovelace 17' },
  'over the API': { origin: 'api' },
  'one month': { from: daysAgo(130), to: daysAgo(100) },
  'search: thousands match': { q: 'Standup' },
  'search: hundreds match': { q: 'interview 23' },
  'search: a few match': { q: 'lovelace 49' },
  'search: none matches': { q: 'zebra' },
  'search: two letters': { q: 'gr' },
  'search: two letters, none matches': { q: 'zq' },
  'search among failed ones of one month': { q: 'hopper', status: 'failed', from: daysAgo(130), to: daysAgo(100) },
};

export async function measureListQueries(
  rig: DashboardRig,
  rows: number,
  say: (message: string) => void,
): Promise<Figure[]> {
  say(`writing ${rows} recordings`);
  await fillRecordings(rig.database.db, rows);
  const kinds = await kindsOf(rig, rows);
  say(`asking ${TURNS} times for each of ${kinds.size} lists`);
  const took = new Map([...kinds.keys()].map((kind) => [kind, [] as number[]]));
  // Turn by turn, so that no kind has all the luck. The first turn fills caches.
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const [kind, query] of kinds) {
      const tookMs = await ask(rig, query);
      if (turn > 0) took.get(kind)?.push(tookMs);
    }
  }
  const worst = [...took]
    .map(([kind, times]) => ({ kind, p95: percentile(times, 0.95) }))
    .sort((one, other) => other.p95 - one.p95);
  for (const { kind, p95 } of worst.slice(0, 5)) say(`${kind}: p95 ${p95.toFixed(1)} ms`);
  const all = [...took.values()].flat();
  const note = `${kinds.size} lists, ${rows} recordings`;
  return [
    { name: 'list query, median', value: percentile(all, 0.5), unit: 'ms', note },
    { name: 'list query, p95', value: percentile(all, 0.95), unit: 'ms', target: { most: 20 } },
    {
      name: 'list query, p95 of the slowest list',
      value: worst[0]?.p95 ?? Number.NaN,
      unit: 'ms',
      note: worst[0]?.kind,
    },
  ];
}

async function kindsOf({ database: { db } }: DashboardRig, rows: number): Promise<Map<string, Record<string, string>>> {
  const middle = await db.execute<{ id: string }>(
    sql`select id from recordings order by requested_at offset ${Math.floor(rows / 2)} limit 1`,
  );
  const row = await findRecording(db, middle.rows[0]?.id ?? '');
  if (!row) throw new Error('There is no recording in the middle.');
  const kinds = new Map<string, Record<string, string>>();
  for (const sort of recordingSorts) {
    kinds.set(sort, { sort });
    kinds.set(`${sort}, from the middle on`, { sort, cursor: writeCursor(sort, positionOf(row, sort)) });
  }
  for (const [name, filter] of Object.entries(filters)) {
    for (const sort of ['newest', 'largest']) kinds.set(`${name}, ${sort}`, { ...filter, sort });
  }
  return kinds;
}

async function ask({ origin, adminApiKey }: DashboardRig, query: Record<string, string>): Promise<number> {
  const { status, text, tookMs } = await timedRequest(`${origin}/api/v1/recordings?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${adminApiKey}` },
  });
  if (status !== 200) throw new Error(`The list answered ${status}: ${text.slice(0, 500)}`);
  return tookMs;
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}
