/** `npm start`: the whole product on this machine. Plain Node up to the point where everything it needs is there. */
import { describeFailure, prepare } from './prepare.mjs';
import { createProgress } from './progress.mjs';

const progress = createProgress(process.stdout);
try {
  await prepare(progress);
  const { startAll } = await import('../../.build/infra/dev/start-all.js');
  await startAll(progress);
} catch (error) {
  process.exitCode = 1;
  progress.line(`\n${describeFailure(error)}`);
}
