/** `npm run cli -- COMMAND`: the recorder from a terminal, by its HTTP API. */
import { runCli } from './run-cli.ts';

process.exitCode = await runCli(process.argv.slice(2), process.env, process);
