/**
 * As many recordings as years of use leave behind, with everything a row has: names, tracks with their figures, gaps, finished
 * files. Most rooms have few recordings and a few have thousands; most recordings are ready, some failed, a handful runs.
 */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import { noFigures } from '../../recorder/contract/add-figures.ts';
import type { FinishedMedia, Gap, TrackSummary } from '../../recorder/contract/media.ts';

const ROWS_PER_INSERT = 10_000;

export async function fillRecordings(db: Queryable, count: number): Promise<void> {
  for (let first = 0; first < count; first += ROWS_PER_INSERT) {
    await db.execute(insertRows(first, Math.min(first + ROWS_PER_INSERT, count) - 1, count));
  }
  await db.execute(sql`vacuum analyze recordings`);
}

/** What one column holds says nothing of another: each draws from hashes of its own. The same rows with every run. */
function insertRows(first: number, last: number, count: number) {
  const draw = (seed: number, below: number) => sql.raw(`(hashint8extended(n, ${seed}) & 2147483647) % ${below}`);
  const pick = (seed: number, values: readonly string[]) =>
    sql`(array[${sql.raw(values.map((value) => `'${value}'`).join(', '))}])[1 + ${draw(seed, values.length)}]`;
  return sql`
    insert into recordings (
      room, identity, participant_key, status, origin, wanted_tracks, reconnect_window_ms, epoch,
      requested_at, started_at, stopped_at, duration_ms, size_bytes, tracks, gaps, media, error
    )
    select
      case when kind < 20 then 'daily standup'
           when kind < 50 then 'interview ' || ${draw(2, 400)}
           else ${pick(3, ['algebra', 'grammar', 'biology', 'history'])} || ' lesson ' || ${draw(4, 30_000)} end,
      ${pick(5, ['ada', 'grace', 'alan', 'edsger', 'barbara', 'donald', 'radia', 'linus'])} || ' '
        || ${pick(6, ['lovelace', 'hopper', 'turing', 'dijkstra', 'liskov', 'knuth', 'perlman'])} || ' ' || ${draw(7, 5_000)},
      md5(n::text) || md5((-n)::text),
      (case when n >= ${count}::bigint - 3 then 'finalising' when fate < 25 then 'failed' when fate < 35 then 'absent' else 'ready' end)
        ::recording_state,
      ${pick(8, ['rule', 'rule', 'rule', 'user', 'api'])},
      '["camera", "microphone"]', 30000, 1,
      requested, requested + interval '400 milliseconds', requested + length * interval '1 millisecond',
      length, length * 260, ${json(tracks)}, case when fate % 4 = 0 then ${json(gaps)} else '[]' end,
      case when fate < 35 then '[]' else ${json(media)} end,
      case when fate < 25 then '{"reason": "recorder.killed", "message": "The recorder was killed."}'::jsonb end
    from generate_series(${first}::bigint, ${last}::bigint) as n,
      lateral (select now() - interval '5 minutes' * (${count}::bigint - n) as requested, ${draw(9, 100)} as kind,
        ${draw(10, 1_000)} as fate, 5000 + ${draw(11, 5_400_000)} as length) as drawn`;
}

function json(value: unknown) {
  return sql`${JSON.stringify(value)}::jsonb`;
}

const tracks: TrackSummary[] = [
  {
    ...noFigures(),
    medium: 'camera',
    source: 'camera',
    kind: 'video',
    codec: 'vp8',
    width: 1280,
    height: 720,
    frames: 81_234,
    keyframes: 271,
    sizeBytes: 640_000_000,
    mediaMs: 2_700_000,
    packetsReceived: 640_100,
    packetsRepaired: 412,
    packetsLost: 3,
    packetsIgnored: { padding: 18, 'late-or-duplicate': 4 },
    resolutions: [
      { fromMicros: 0, width: 320, height: 180 },
      { fromMicros: 1_400_000, width: 1280, height: 720 },
    ],
  },
  {
    ...noFigures(),
    medium: 'camera',
    source: 'microphone',
    kind: 'audio',
    codec: 'opus',
    frames: 135_000,
    sizeBytes: 16_000_000,
    mediaMs: 2_700_000,
    packetsReceived: 135_040,
    packetsRepaired: 61,
    resolutions: [],
  },
];

const gaps: Gap[] = [1, 2, 3].map((turn) => ({
  medium: 'camera',
  kind: 'video',
  fromMicros: turn * 60_000_000,
  toMicros: turn * 60_000_000 + 8_200_000,
  reason: 'muted',
}));

const media: FinishedMedia[] = [
  {
    medium: 'camera',
    key: 'recordings/0b9dd3a0-43a3-4f8e-9d5f-5b1f5a3a5e10/7f8f2f0a-5a60-4d1c-8f37-6a4f3d3bb3f2/camera.webm',
    contentType: 'video/webm',
    sizeBytes: 656_000_000,
    sha256: 'a'.repeat(64),
    durationMs: 2_700_000,
  },
];
