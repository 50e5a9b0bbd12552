/** Postgres goes, in every way. The recorder records on, its reports catch up, and nothing is doubled. */
import type { Row } from '../row.ts';
import type { Scene, Subject } from '../scene.ts';

/** Recorded through the fault, whole, by one attempt. */
function throughFault(name: string, fault: (scene: Scene) => Promise<void>, isShort = false): Row {
  return {
    name,
    isShort,
    async run(scene) {
      const subject: Subject = await scene.recorded();
      await scene.play(2000);
      const fromMs = performance.now();
      await fault(scene);
      await scene.product.api.untilHealthy(60_000);
      const healthyMs = performance.now() - fromMs;
      // Longer than it takes to find a lease that has run out.
      await scene.play(scene.checksDeadlines ? 12_000 : 4000);
      const attempts = await scene.epochOf(subject.id);
      await scene.product.api.stopRecording(subject.id);
      return (history) => {
        const verdict = scene.whole(history, subject);
        if (attempts !== 1) verdict.problems.push(`The recorder was replaced: this was attempt ${attempts}.`);
        return { ...verdict, recovered: `${(healthyMs / 1000).toFixed(1)} s, the fault included` };
      };
    },
  };
}

export const databaseRows: Row[] = [
  throughFault('Postgres restarted', async ({ product }) => {
    await product.parts.postgres.stop();
    await product.startPostgres();
  }),
  throughFault(
    'Postgres killed -9',
    async (scene) => {
      await scene.product.killPostgres();
      await scene.play(2000);
      await scene.product.startPostgres();
    },
    true,
  ),
  throughFault('Postgres unreachable for 60 s', async ({ product, play }) => {
    product.parts.databasePath.set({ swallows: true });
    await play(60_000);
    product.parts.databasePath.set({});
  }),
  throughFault('Postgres half-open: old connections are dead, nobody is told', async ({ product, play }) => {
    product.parts.databasePath.strand();
    await play(5000);
  }),
];
