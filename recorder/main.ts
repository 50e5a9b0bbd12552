/**
 * The recorder as a program. `serve` and `run` are told everything by their environment (environment.ts), `record` by its arguments.
 * The exit code is one of contract/exit-codes.ts; what went wrong is one sentence on stderr.
 */
import { StorageError } from '../storage/object-store.ts';
import { record } from './commands/record.ts';
import { recordHelp } from './commands/record-options.ts';
import { run } from './commands/run.ts';
import { serve } from './commands/serve.ts';
import { type ExitCode, exitCodes } from './contract/exit-codes.ts';
import { recordingStarter } from './start-recording.ts';
import { UsageError } from './usage-error.ts';

const help = `recorder serve                 a pool worker: takes tasks from CONTROL_URL until it gets SIGTERM
recorder run                   the one task in TASK_SPEC
recorder record …              one participant into a file, without dashboard or database

${recordHelp}
`;

async function main([command, ...args]: string[]): Promise<ExitCode> {
  switch (command) {
    case 'serve':
    case 'run':
      if (args.length > 0)
        throw new UsageError(`recorder ${command} takes no arguments: it is set up by its environment.`);
      return command === 'serve' ? serve(process.env, recordingStarter) : run(process.env, recordingStarter);
    case 'record':
      return record(args, process.env, recordingStarter);
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(help);
      return exitCodes.finished;
    default:
      throw new UsageError(`${command === undefined ? 'Say' : `There is no "${command}": say`} serve, run or record.`);
  }
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
