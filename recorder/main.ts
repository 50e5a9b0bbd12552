/**
 * The recorder as a program. `serve` and `run` are told everything by their environment (environment.ts), `record` by its arguments.
 * The exit code is one of contract/exit-codes.ts; what went wrong is one sentence on stderr.
 */
import { StorageError } from '../storage/object-store.ts';
import { type ExitCode, exitCodes } from './contract/exit-codes.ts';
import type { RecordingStarter } from './start-recording.ts';
import { UsageError } from './usage-error.ts';

const usage = `recorder serve                 a pool worker: takes tasks from CONTROL_URL until it gets SIGTERM
recorder run                   the one task in TASK_SPEC
recorder record …              one participant into a file, without dashboard or database
`;

async function main([command, ...args]: string[]): Promise<ExitCode> {
  switch (command) {
    case 'serve':
    case 'run':
      if (args.length > 0)
        throw new UsageError(`recorder ${command} takes no arguments: it is set up by its environment.`);
      return command === 'serve' ? serve() : run();
    case 'record': {
      const [{ record }, starterOf] = await Promise.all([import('./commands/record.ts'), loadStarter()]);
      return record(args, process.env, starterOf);
    }
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(`${usage}\n${(await import('./commands/record-options.ts')).recordHelp}\n`);
      return exitCodes.finished;
    default:
      throw new UsageError(`${command === undefined ? 'Say' : `There is no "${command}": say`} serve, run or record.`);
  }
}

async function serve(): Promise<ExitCode> {
  const { serve } = await import('./commands/serve.ts');
  return serve(process.env, loadStarter);
}

async function run(): Promise<ExitCode> {
  const [{ run }, starterOf] = await Promise.all([import('./commands/run.ts'), loadStarter()]);
  return run(process.env, starterOf);
}

/** Large, so it is only loaded by who records, and by a worker that starts in a hurry not before it has asked for tasks. */
async function loadStarter(): Promise<RecordingStarter> {
  return (await import('./start-recording.ts')).recordingStarter;
}

function explain(error: unknown): ExitCode {
  if (error instanceof UsageError || (error instanceof StorageError && error.reason === 'invalid')) {
    process.stderr.write(`${error.message}\n`);
    return exitCodes.usage;
  }
  if (error instanceof StorageError) {
    process.stderr.write(`${error.message}\n`);
    return exitCodes.destination;
  }
  process.stderr.write(`The recorder broke off: ${(error as Error).stack ?? error}\n`);
  return exitCodes.system;
}

// Native threads of the media transport would keep the process alive.
process.exit(await main(process.argv.slice(2)).catch(explain));
