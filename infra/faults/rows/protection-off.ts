/** What a protection is worth: without it the check that passes elsewhere must fail, or it checks nothing. */
import { rm } from 'node:fs/promises';
import type { Row } from '../row.ts';

export const protectionOffRows: Row[] = [
  {
    name: 'without the journal: the check for lost media fails',
    async run(scene) {
      const { product } = scene;
      const subject = await scene.recorded();
      await scene.play(3000);
      product.parts.storePath?.set({ refuses: true });
      product.parts.storePath?.cut();
      await scene.play(8000);
      const epoch = await scene.epochOf(subject.id);
      const atMs = performance.now();
      // What a worker would recover from is gone when it starts again.
      await product.machine.powerOff();
      await rm(product.machine.spoolFolder, { recursive: true, force: true });
      product.parts.storePath?.set({});
      await product.machine.start();
      await scene.untilRecordingAgain(subject, epoch, 40_000);
      await scene.play(3000);
      await product.api.stopRecording(subject.id);
      return (history) => {
        const { lost, problems } = scene.afterKills(history, subject, [atMs], { againWithinMs: 40_000 });
        const isFelt = problems.some((problem) => /captured media are lost/.test(problem));
        return { lost, recovered: 'as it must be', problems: isFelt ? [] : ['The loss was not noticed.', ...problems] };
      };
    },
  },
];
