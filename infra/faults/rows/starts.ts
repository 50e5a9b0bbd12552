/** Beginnings in a hurry: no ghost, none lost, each with a reason when nothing came of it. */
import { percentile } from '../../../bench/rig/percentile.ts';
import type { History } from '../invariants.ts';
import type { Row } from '../row.ts';
import { seconds } from '../scene.ts';
import { ruleFor } from './livekit.ts';

const AT_ONCE = 100;
/** All publishers are one process, which has no more hands. */
const JOINING_AT_A_TIME = 20;

export const startRows: Row[] = [
  {
    name: 'join and leave within 100 ms',
    finalWithinMs: 90_000,
    async run(scene) {
      await scene.product.api.createRule(ruleFor('blink-*'));
      const passing = Array.from({ length: 8 }, (_, index) => scene.product.participant(`blink-${index}`));
      const stays: number[] = [];
      for (const participant of passing) {
        await participant.join();
        const atMs = performance.now();
        await participant.leave();
        stays.push(performance.now() - atMs);
      }
      await scene.play(8000);
      return (history) => {
        const ends = statuses(history);
        const problems = ends
          .filter((status) => status !== 'absent')
          .map((status) => `One ended ${status}, not absent.`);
        return {
          lost: 'nothing',
          recovered: `${ends.length} begun, all absent; there for ${stays[0]?.toFixed(0)} ms`,
          problems,
        };
      };
    },
  },
  {
    name: '10 rapid starts and stops',
    async run(scene) {
      const { api } = scene.product;
      const { participant, room } = await scene.publishing();
      const answers: number[] = [];
      for (let turn = 0; turn < 10; turn++) {
        const answer = await api.request('POST', '/api/v1/recordings', { room, identity: 'alice' });
        answers.push(answer.status);
        const { id } = (await answer.json()) as { id?: string };
        if (answer.status !== 201 || id === undefined) continue;
        api.acknowledged.push(id);
        scene.shows.set(id, participant);
        if (turn % 2 === 0) await scene.play(300);
        await api.stopRecording(id);
      }
      return (history) => {
        const problems = answers.some((status) => status !== 201 && status !== 409)
          ? [`Starts were answered ${answers.join(', ')}.`]
          : [];
        const ends = statuses(history);
        // Stopped before anybody took it: nothing was captured, and it says so.
        const failed = history.recordings.filter(({ row }) => row.status === 'failed');
        for (const { row } of failed) {
          if (row.error?.reason !== 'control.stopped') problems.push(`One failed: ${row.error?.message}`);
        }
        return { lost: 'nothing', recovered: `${ends.length} recordings: ${[...new Set(ends)].join(', ')}`, problems };
      };
    },
  },
  {
    name: `${AT_ONCE} joins at once`,
    isHeavy: true,
    product: { machines: 2, capacity: 60 },
    finalWithinMs: 120_000,
    async run(scene) {
      await scene.product.api.createRule(ruleFor('burst-*'));
      const everybody = Array.from({ length: AT_ONCE }, (_, index) =>
        scene.product.participant(`burst-${index}`, 'alice', 'sound'),
      );
      const publishedUnixMs: number[] = [];
      const joiningMs: number[] = [];
      const waiting = [...everybody.entries()];
      const joinAfterJoin = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const [index, participant] = next;
          scene.participants.add(participant);
          const fromMs = performance.now();
          await participant.joinAndPublish();
          joiningMs[index] = performance.now() - fromMs;
          publishedUnixMs[index] = Date.now();
        }
      };
      await Promise.all(Array.from({ length: JOINING_AT_A_TIME }, joinAfterJoin));
      // Clocks of one machine: the database's is ours.
      const states = () => scene.product.parts.database.sql<{ room: string; wished: Date; taken: Date; begun: Date }>`
        select room, requested_at as wished, claimed_at as taken, recordings.started_at as begun
        from recordings join attempts on recording_id = recordings.id and attempts.epoch = 1
        where recordings.started_at is not null`;
      await scene.product.api
        .untilInRoom(`burst-${AT_ONCE - 1}`, ({ status }) => status === 'recording', 90_000, 'the last recording')
        .catch(() => undefined);
      for (let turn = 0; turn < 60 && (await states()).length < AT_ONCE; turn++) await scene.play(500);
      await scene.play(2000);
      const started = await states();
      const p95 = (of: (row: (typeof started)[number], publishedUnixMs: number) => number) => {
        const tookMs = started.map((row) => of(row, publishedUnixMs[Number(row.room.slice('burst-'.length))] ?? 0));
        return seconds(Math.max(0, percentile(tookMs, 0.95)));
      };
      const wished = p95((row, publishedMs) => row.wished.getTime() - publishedMs);
      const taken = p95((row) => row.taken.getTime() - row.wished.getTime());
      const media = p95((row) => row.begun.getTime() - row.taken.getTime());
      const start = p95((row, publishedMs) => row.begun.getTime() - publishedMs);
      const joining = seconds(percentile(joiningMs, 0.95));
      return (history) => {
        const ends = statuses(history);
        const problems = ends.length === AT_ONCE ? [] : [`There are ${ends.length} recordings, not ${AT_ONCE}.`];
        const notReady = ends.filter((status) => status !== 'ready').length;
        if (notReady > 0) problems.push(`${notReady} of them are not ready.`);
        const stages = `asked for in ${wished}, taken in ${taken}, media in ${media}`;
        return { lost: 'none', recovered: `p95 start ${start} (${stages}; their own joining ${joining})`, problems };
      };
    },
  },
];

/** How each recording ended. */
function statuses({ recordings }: History): string[] {
  return [...new Map(recordings.map(({ row }) => [row.id, row.status])).values()];
}
