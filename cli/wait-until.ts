import { setTimeout as delay } from 'node:timers/promises';
import type { Recording } from '../app/_control/api.ts';
import { CliError, exitCodes } from './cli-error.ts';
import type { Context } from './context.ts';
import { sayBytes, sayDuration } from './terminal.ts';

const EVERY_MS = 500;

/** Until a recording is over; how it stands is said on stderr. Throws when there is nothing to have of it. */
export async function waitUntilOver({ api, terminal }: Context, id: string): Promise<Recording> {
  let said = '';
  for (;;) {
    const recording = await api.json<Recording>('GET', `/api/v1/recordings/${id}`);
    const { status, stats, durationMs, sizeBytes } = recording;
    const line = `${status}  ${sayDuration(stats?.durationMs ?? durationMs)}  ${sayBytes(stats?.sizeBytes ?? sizeBytes)}`;
    if (terminal.stderr.isTTY) terminal.stderr.write(`\r\x1b[2K${line}`);
    else if (status !== said) terminal.stderr.write(`${line}\n`);
    said = status;
    if (status === 'ready' || status === 'failed' || status === 'absent') {
      if (terminal.stderr.isTTY) terminal.stderr.write('\n');
      if (status === 'ready') return recording;
      const why = recording.error?.message ?? 'The participant published nothing.';
      throw new CliError(exitCodes.failed, `Nothing was recorded: ${why}`);
    }
    await delay(EVERY_MS);
  }
}
