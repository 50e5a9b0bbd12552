/** A recorder that was given up wakes again: its writes are refused, and the result is unharmed. */
import { longestHole } from '../loss.ts';
import type { Row } from '../row.ts';
import { seconds } from '../scene.ts';

const REPLACED_WITHIN_MS = 15_000;

export const zombieRows: Row[] = [
  {
    name: 'zombie: stopped, replaced, woken again',
    isShort: true,
    product: { machines: 2 },
    async run(scene) {
      const subject = await scene.recorded();
      await scene.play(5000);
      const epoch = await scene.epochOf(subject.id);
      const zombie = await scene.holderOf(subject);
      const atMs = performance.now();
      zombie.signal('SIGSTOP');
      try {
        await scene.untilRecordingAgain(subject, epoch, 40_000);
        await scene.play(2000);
      } finally {
        zombie.signal('SIGCONT');
      }
      await scene.play(5000);
      const { status } = await scene.product.api.recording(subject.id);
      await scene.product.api.stopRecording(subject.id);
      return (history) => {
        const verdict = scene.afterKills(history, subject, [atMs], { againWithinMs: REPLACED_WITHIN_MS });
        const loss = scene.fileOf(history, subject.id)?.loss;
        // What came while it slept waited in its socket: the hole may begin later than its sleep.
        const awayMs = Math.max(0, ((loss && longestHole(loss)?.toMs) ?? atMs) - atMs);
        if (scene.checksDeadlines && awayMs > REPLACED_WITHIN_MS) {
          verdict.problems.push(`It recorded again after ${seconds(awayMs)}.`);
        }
        verdict.problems.push(...harmOf(status));
        return { ...verdict, recovered: seconds(awayMs) };
      };
    },
  },
];

/** Of the words of a recorder that was given up. */
export function harmOf(status: string): string[] {
  return status === 'recording' ? [] : [`The recorder that woke made it ${status}.`];
}
