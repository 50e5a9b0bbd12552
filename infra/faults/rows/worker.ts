/** The worker dies in the middle of its work. */
import type { Row } from '../row.ts';

const AGAIN_WITHIN_MS = 3000;

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
];
