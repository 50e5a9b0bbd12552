/** Stop, pause, resume: the wish is stored, the recorder hears of it at once, and its reports say when it is so. */
import { notify } from '../../db/notices.ts';
import { lockWithAttempts } from '../../db/queries/lock-recording.ts';
import { updateAttempt } from '../../db/queries/update-attempt.ts';
import { updateRecording } from '../../db/queries/update-recording.ts';
import type { RecordingRow } from '../../db/schema.ts';
import type { Recording, ResumeRecordingRequest } from './api.ts';
import type { Control } from './control.ts';
import { endAttempt } from './end-attempt.ts';
import { joinSoon } from './join-attempts.ts';
import { isFinal, presentRecording } from './present-recording.ts';
import { notFound, ProblemError } from './problem-error.ts';
import { recordEvents } from './record-events.ts';

/** Stopping what has stopped is no error: the answer is the recording as it is. */
export function stopRecording(control: Control, id: string): Promise<Recording> {
  return command(control, id, 'stop');
}

export function pauseRecording(control: Control, id: string): Promise<Recording> {
  return command(control, id, 'pause');
}

/** Resuming what is not paused changes nothing: how the last pause was ended is not decided twice. */
export function resumeRecording(
  control: Control,
  id: string,
  { cutTime }: ResumeRecordingRequest = { cutTime: false },
): Promise<Recording> {
  return command(control, id, cutTime ? 'resume-cut' : 'resume');
}

async function command(
  control: Control,
  id: string,
  wish: 'stop' | 'pause' | 'resume' | 'resume-cut',
): Promise<Recording> {
  const row = await control.database.db.transaction(async (db): Promise<RecordingRow> => {
    const locked = await lockWithAttempts(db, id);
    if (!locked || locked.recording.deletedAt !== null) throw notFound('recording');
    const { recording, attempts } = locked;
    const over = isFinal(recording.status) || recording.status === 'finalising' || recording.command === 'stop';
    if (over) {
      if (wish === 'stop') return recording;
      throw new ProblemError(
        'conflict',
        `This recording has ended: it cannot be ${wish === 'pause' ? 'paused' : 'resumed'}.`,
      );
    }
    const isResume = wish === 'resume' || wish === 'resume-cut';
    if (recording.command === wish || (isResume && recording.command !== 'pause')) return recording;

    const attempt = attempts.find((one) => one.epoch === recording.epoch);
    if (wish === 'stop' && attempt?.state === 'queued') {
      // Nobody has it: it ends here.
      const message = 'Stopped before a recorder had taken it.';
      const outcome = {
        kind: 'failed',
        reason: 'control.stopped',
        message,
        fault: 'system',
        retryable: false,
      } as const;
      const ended = await updateAttempt(db, attempt.id, { state: 'ended', outcome });
      const told = await updateRecording(db, id, { command: wish });
      const stopped = await endAttempt(
        control.log,
        db,
        {
          ...locked,
          recording: told,
          attempt: ended,
          attempts: attempts.map((one) => (one.id === ended.id ? ended : one)),
        },
        { outcome, stoppedAt: null, participant: 'unknown' },
      );
      await recordEvents(db, [stopped]);
      return stopped;
    }
    const changed = await updateRecording(db, id, { command: wish });
    if (attempt) await notify(db, 'recorder_commands', attempt.id);
    return changed;
  });
  if (row.status === 'finalising') joinSoon(control, row.id);
  return presentRecording(control.database.db, row);
}
