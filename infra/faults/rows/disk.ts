/** No room: what is whole is kept, the recording says why it ended, and what there is plays. */
import { poll } from '../product-client.ts';
import type { Row } from '../row.ts';
import type { Scene, Subject } from '../scene.ts';
import { SmallDisk } from '../small-disk.ts';

/** About fifteen seconds of what the participant sends. */
const SPOOL_BYTES = 1_500_000;
const AGAIN_WITHIN_MS = 3000;

export const diskRows: Row[] = [
  {
    name: 'spool full while the store is down',
    skip: SmallDisk.unavailable,
    product: { spoolBytes: SPOOL_BYTES },
    finalWithinMs: 120_000,
    async run(scene) {
      const { storePath } = scene.product.parts;
      const subject = await scene.recorded();
      await scene.play(2000);
      storePath?.set({ refuses: true });
      storePath?.cut();
      await scene.play(30_000);
      // Somebody makes room: one file of it all needs as much as its parts.
      await scene.product.disk('spool-1').resize(10 * SPOOL_BYTES);
      storePath?.set({});
      await scene.play(2000);
      return (history) => stoppedCleanly(scene, history, subject, /spool|disk|room/i);
    },
  },
  {
    // What is in the store already makes room for what is not.
    name: 'disk under the spool filled by another program',
    skip: SmallDisk.unavailable,
    product: { spoolBytes: 4 * SPOOL_BYTES },
    async run(scene) {
      const subject = await scene.recorded();
      await scene.play(10_000);
      await scene.product.disk('spool-1').fill();
      await scene.play(12_000);
      await scene.product.disk('spool-1').free();
      await scene.product.api.stopRecording(subject.id);
      return (history) => scene.whole(history, subject);
    },
  },
  {
    name: 'disk under the spool full while attempts are joined',
    skip: SmallDisk.unavailable,
    product: { spoolBytes: 4 * SPOOL_BYTES },
    async run(scene) {
      const { api, machine } = scene.product;
      const subject = await scene.recorded();
      await scene.play(4000);
      const epoch = await scene.epochOf(subject.id);
      const atMs = performance.now();
      machine.signal('SIGKILL');
      await scene.untilRecordingAgain(subject, epoch);
      await scene.play(3000);
      await scene.product.disk('spool-1').fill();
      await api.stopRecording(subject.id);
      const ready = await poll(30_000, async () => (await api.recording(subject.id)).status === 'ready' || undefined);
      await scene.product.disk('spool-1').free();
      return (history) => {
        const verdict = scene.afterKills(history, subject, [atMs], { againWithinMs: AGAIN_WITHIN_MS });
        if (!ready) verdict.problems.push('Joining waited for room on the disk, of which it needs none.');
        return verdict;
      };
    },
  },
  {
    name: 'disk of the store full for a while',
    skip: SmallDisk.unavailable,
    product: { storeBytes: 700_000 },
    async run(scene) {
      const subject = await scene.recorded();
      await scene.play(14_000);
      const { stats } = await scene.product.api.recording(subject.id);
      await scene.product.disk('store').resize(50_000_000);
      await scene.play(8000);
      await scene.product.api.stopRecording(subject.id);
      return (history) => {
        const verdict = scene.whole(history, subject);
        if (!stats?.uploadTrouble) verdict.problems.push('The status did not say that the store is full.');
        return verdict;
      };
    },
  },
];

/** It ended by itself or went on afterwards; either way it plays, and says what was in the way. */
function stoppedCleanly(scene: Scene, history: Parameters<Scene['whole']>[0], { id }: Subject, reason: RegExp) {
  const problems = scene.readyProblems(history, id);
  const said = history.attempts.some(({ row }) => row.recording_id === id && reason.test(JSON.stringify(row.outcome)));
  if (!said) problems.push('No attempt says that there was no room.');
  const loss = scene.fileOf(history, id)?.loss?.video;
  const seconds = loss ? ((loss.lastMs - loss.firstMs) / 1000).toFixed(0) : '0';
  return { lost: 'what came while it was full', recovered: `${seconds} s of it play`, problems };
}
