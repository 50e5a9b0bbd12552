/** The worker dies in the middle of its work, and so does its machine. */
import { setTimeout as delay } from 'node:timers/promises';
import { poll } from '../product-client.ts';
import type { Row } from '../row.ts';
import { seconds } from '../scene.ts';

const AGAIN_WITHIN_MS = 3000;
const REPLACED_WITHIN_MS = 15_000;
const STORED_WITHIN_MS = 20_000;

export const workerRows: Row[] = [
  {
    name: 'worker killed -9 while it records, twice',
    isShort: true,
    async run(scene) {
      const subject = await scene.recorded();
      const killsMs: number[] = [];
      for (const beforeMs of [4300, 5700]) {
        await scene.play(beforeMs);
        const epoch = await scene.epochOf(subject.id);
        killsMs.push(performance.now());
        scene.product.machine.signal('SIGKILL');
        await scene.untilRecordingAgain(subject, epoch);
      }
      await scene.play(3000);
      await scene.product.api.stopRecording(subject.id);
      return (history) => scene.afterKills(history, subject, killsMs, { againWithinMs: AGAIN_WITHIN_MS });
    },
  },
  {
    name: 'worker killed -9 while it uploads',
    async run(scene) {
      const { storePath } = scene.product.parts;
      const subject = await scene.recorded();
      // Every upload takes longer than a segment is long: some are on their way at any time.
      storePath?.set({ bytesPerSecond: 40_000 });
      await scene.play(8000);
      const epoch = await scene.epochOf(subject.id);
      const atMs = performance.now();
      scene.product.machine.signal('SIGKILL');
      await scene.untilRecordingAgain(subject, epoch);
      storePath?.set({});
      await scene.play(4000);
      await scene.product.api.stopRecording(subject.id);
      return (history) => scene.afterKills(history, subject, [atMs], { againWithinMs: AGAIN_WITHIN_MS });
    },
  },
  {
    name: 'worker killed -9 while it finalises',
    async run(scene) {
      const { storePath } = scene.product.parts;
      const subject = await scene.recorded();
      await scene.play(8000);
      // The finished file takes seconds to be stored.
      storePath?.set({ bytesPerSecond: 150_000 });
      const stopMs = performance.now();
      await scene.product.api.stopRecording(subject.id);
      await scene.product.api.until(
        subject.id,
        ({ status }) => status === 'finalising',
        STORED_WITHIN_MS,
        'finalising',
      );
      scene.product.machine.signal('SIGKILL');
      await delay(500);
      storePath?.set({});
      return (history) => {
        const verdict = scene.whole(history, subject);
        const lastMs = scene.fileOf(history, subject.id)?.loss?.video.lastMs ?? 0;
        // It ends where it was stopped.
        const lostMs = Math.max(0, stopMs - lastMs);
        if (lostMs > 500) verdict.problems.push(`The last ${seconds(lostMs)} before the stop are missing.`);
        return { ...verdict, recovered: 'finished by another attempt' };
      };
    },
  },
  {
    name: 'machine gone: worker, its keeper and its spool',
    product: { machines: 2 },
    async run(scene) {
      const subject = await scene.recorded();
      await scene.play(6000);
      const epoch = await scene.epochOf(subject.id);
      const holder = await scene.holderOf(subject);
      const atMs = performance.now();
      await holder.destroy();
      await scene.untilRecordingAgain(subject, epoch, 40_000);
      await scene.play(3000);
      await scene.product.api.stopRecording(subject.id);
      // Without the spool only what was uploaded and told is left.
      return (history) => scene.afterKills(history, subject, [atMs], { againWithinMs: REPLACED_WITHIN_MS });
    },
  },
  {
    name: 'worker out of memory',
    product: { workerEnvironment: { NODE_OPTIONS: `--max-old-space-size=160 --import=${hog()}` } },
    async run(scene) {
      const subject = await scene.recorded();
      await scene.play(4000);
      const epoch = await scene.epochOf(subject.id);
      const { pid } = scene.product.machine;
      // From the signal on it only eats until V8 gives up: what comes meanwhile is not captured.
      const atMs = performance.now();
      scene.product.machine.signal('SIGUSR2');
      const died = await poll(60_000, async () => (scene.product.machine.pid !== pid ? true : undefined));
      const eatingMs = performance.now() - atMs;
      await scene.untilRecordingAgain(subject, epoch);
      await scene.play(3000);
      await scene.product.api.stopRecording(subject.id);
      const [first] = await scene.product.parts.database.sql<{ outcome: { message?: string } | null }>`
        select outcome from attempts where recording_id = ${subject.id} order by epoch limit 1`;
      return (history) => {
        const verdict = scene.afterKills(history, subject, [atMs], {
          againWithinMs: eatingMs + AGAIN_WITHIN_MS,
        });
        if (!died) verdict.problems.push('The worker did not run out of memory.');
        const message = first?.outcome?.message ?? '';
        if (!/memory/i.test(message)) verdict.problems.push(`The reason does not speak of memory: "${message}".`);
        return verdict;
      };
    },
  },
];

/** On SIGUSR2 it takes all the memory that V8 gives it. */
function hog(): string {
  const source = `
    process.on('SIGUSR2', () => {
      const kept = [];
      for (;;) kept.push(new Array(20000).fill(kept.length + 0.5));
    });`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
