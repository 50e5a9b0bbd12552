import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import type { Logger } from 'pino';
import { RecordingJournal } from '../journal/recording-journal.ts';
import { UsageError } from '../usage-error.ts';

/** Makes sure that the spool folder can be used, and says what an earlier process left in it. */
export async function openSpool(spoolDir: string, log: Logger): Promise<void> {
  try {
    await mkdir(spoolDir, { recursive: true, mode: 0o700 });
    await access(spoolDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(
      `SPOOL_DIR ${spoolDir} cannot be written (${(error as NodeJS.ErrnoException).code}): change its owner, or name another folder.`,
      { cause: error },
    );
  }
  const attemptIds = await RecordingJournal.attemptIdsIn(spoolDir);
  if (attemptIds.length > 0) log.warn({ attemptIds }, 'spool.interrupted-attempts-found');
}
