/** The dashboard goes, or everything does; workers record on, and what they have to say comes later. */
import type { Row } from '../row.ts';
import { seconds } from '../scene.ts';

const ADOPTED_WITHIN_MS = 30_000;

export const controlPlaneRows: Row[] = [
  {
    name: 'dashboard killed and started again',
    isShort: true,
    async run(scene) {
      const subject = await scene.recorded();
      await scene.play(2000);
      await scene.product.killDashboard();
      await scene.play(4000);
      await scene.product.startDashboard();
      await scene.product.api.untilHealthy();
      await scene.play(3000);
      const attempts = await scene.epochOf(subject.id);
      await scene.product.api.stopRecording(subject.id);
      return (history) => {
        const verdict = scene.whole(history, subject);
        if (attempts !== 1) verdict.problems.push(`It was not adopted: this was attempt ${attempts}.`);
        return verdict;
      };
    },
  },
  {
    name: 'dashboard away for longer than a lease',
    async run(scene) {
      const subject = await scene.recorded();
      await scene.play(1000);
      await scene.product.killDashboard();
      await scene.play(20_000);
      await scene.product.startDashboard();
      await scene.product.api.untilHealthy();
      // Longer than it takes to find a lease that has run out.
      await scene.play(12_000);
      await scene.product.api.stopRecording(subject.id);
      return (history) => scene.whole(history, subject);
    },
  },
  {
    name: 'SIGTERM of the worker in the middle',
    product: { machines: 2 },
    async run(scene) {
      const subject = await scene.recorded();
      await scene.play(3000);
      const epoch = await scene.epochOf(subject.id);
      const holder = await scene.holderOf(subject);
      const atMs = performance.now();
      await holder.stop();
      const tookMs = performance.now() - atMs;
      // A rule's recording begins anew, one that was asked for goes on with the other worker or ends as it is.
      await scene.play(5000);
      const after = await scene.product.api.recording(subject.id);
      if (after.status === 'recording') await scene.product.api.stopRecording(subject.id);
      return (history) => {
        const problems = scene.readyProblems(history, subject.id);
        const file = scene.fileOf(history, subject.id);
        const goesOn = (file?.loss?.video.lastMs ?? 0) > atMs + 3000;
        const lost = goesOn ? scene.afterKills(history, subject, [atMs], { againWithinMs: 3000 }).lost : 'nothing';
        return {
          lost,
          recovered: `${goesOn ? 'handed over' : 'finished'} in ${seconds(tookMs)}, from attempt ${epoch}`,
          problems,
        };
      };
    },
  },
  {
    name: 'all of it killed and started again',
    async run(scene) {
      const { product } = scene;
      const subject = await scene.recorded();
      await scene.play(5000);
      const atMs = performance.now();
      const { livekit } = product.parts;
      await Promise.all([product.machine.powerOff(), product.killDashboard(), product.killPostgres(), livekit.kill()]);
      await product.startPostgres();
      await product.startLiveKit();
      await Promise.all([product.startDashboard(), product.machine.start()]);
      await subject.participant.leave();
      await subject.participant.joinAndPublish();
      scene.participants.add(subject.participant);
      await scene.untilRecordingAgain(subject, 1, ADOPTED_WITHIN_MS);
      await scene.play(3000);
      await product.api.stopRecording(subject.id);
      return (history) => scene.afterKills(history, subject, [atMs], { againWithinMs: ADOPTED_WITHIN_MS });
    },
  },
];
