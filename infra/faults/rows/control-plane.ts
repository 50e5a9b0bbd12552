/** The dashboard goes, in every way; workers record on, and what they have to say comes later. */
import type { Row } from '../row.ts';

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
      await scene.product.api.stopRecording(subject.id);
      return (history) => scene.whole(history, subject);
    },
  },
];
