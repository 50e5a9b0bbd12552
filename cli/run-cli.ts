import { CommanderError } from 'commander';
import { CliError, type ExitCode, exitCodes } from './cli-error.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command. What went wrong is one sentence on stderr, and the exit code. */
export async function runCli(
  args: readonly string[],
  env: Record<string, string | undefined>,
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    await createProgram(env, terminal).parseAsync([...args], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    // It has said what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (error instanceof CliError) {
      terminal.stderr.write(`${error.message}\n`);
      return error.exitCode;
    }
    terminal.stderr.write(`It broke off: ${(error as Error).stack ?? error}\n`);
    return exitCodes.failed;
  }
}
