import { failureReasons } from '../contract/report.ts';
import { TaskError } from '../task-error.ts';

/** What went wrong in a folder of the spool, for whoever is told how a recording ended. What is no failure of the disk comes back as it is. */
export function toSpoolError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof TaskError || !code) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new TaskError(
      failureReasons.spoolFull,
      `The disk of the spool folder ${folder} is full. Make room on it.`,
      'system',
      true,
      { cause: error },
    );
  }
  return new TaskError(
    'spool.failed',
    `The spool folder ${folder} cannot be written (${code}). See that it is on a working disk and belongs to this user.`,
    'system',
    true,
    { cause: error },
  );
}
