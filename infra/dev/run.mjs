/**
 * `node infra/dev/run.mjs <source> …`: runs a program of the project, compiled when needed, with the arguments after it.
 * Says what it prepares on stderr: stdout belongs to the program.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeFailure, prepare, projectFolder } from './prepare.mjs';
import { createProgress } from './progress.mjs';

const [source = '', ...args] = process.argv.slice(2);
try {
  await prepare(createProgress(process.stderr, { quiet: true }));
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(1);
}
const compiled = join(projectFolder, '.build', source.replace(/\.ts$/, '.js'));
process.argv.splice(1, process.argv.length, compiled, ...args);
await import(pathToFileURL(compiled).href);
