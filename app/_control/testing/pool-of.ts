/** What pool workers ask and report, without workers. */
import { randomUUID } from 'node:crypto';
import type { FinishedMedia } from '../../../recorder/contract/media.ts';
import type { Outcome, Report, ReportReply } from '../../../recorder/contract/report.ts';
import type { FinaliseTask, RecordTask, TaskSpec } from '../../../recorder/contract/task-spec.ts';
import type { Control } from '../control.ts';
import { exchangeReports } from '../exchange-reports.ts';
import { reportOf } from './report-of.ts';

export const lost: Outcome = {
  kind: 'failed',
  reason: 'recorder.killed',
  message: 'The recorder was killed.',
  fault: 'system',
  retryable: true,
};

export function poolOf(control: () => Control) {
  const signal = new AbortController().signal;

  async function claim(freeSlots = 1, workerId: string = randomUUID()): Promise<TaskSpec[]> {
    // What goes on after an answer may hold the lock of a recording, which a claim then leaves for the next one.
    await control().tasks.settled();
    const batch = { claim: { workerId, freeSlots, holds: [], waitMs: 0 }, reports: [] };
    return (await exchangeReports(control(), batch, signal)).tasks;
  }

  async function claimOne<Kind extends TaskSpec['kind']>(kind: Kind): Promise<Extract<TaskSpec, { kind: Kind }>> {
    const [task] = await claim();
    if (task?.kind !== kind) throw new Error(`There was ${task ? `a task to ${task.kind}` : 'no task'}`);
    return task as Extract<TaskSpec, { kind: Kind }>;
  }

  return {
    claim,
    claimRecord: (): Promise<RecordTask> => claimOne('record'),
    claimFinalise: (): Promise<FinaliseTask> => claimOne('finalise'),

    async report(task: TaskSpec, change: Partial<Report> = {}): Promise<ReportReply['attempts'][number]> {
      const reply = await exchangeReports(control(), { reports: [reportOf(task, change)] }, signal);
      const [answer] = reply.attempts;
      if (!answer) throw new Error('A report was not answered');
      return answer;
    },

    /** Stores a finished file below the task's prefix. */
    async storeFinished(task: TaskSpec, change: Partial<FinishedMedia> = {}): Promise<FinishedMedia> {
      const key = `${task.objectPrefix}camera.webm`;
      await control().store.put(key, new Uint8Array(5), { contentType: 'video/webm' });
      const sha256 = 'b'.repeat(64);
      return { medium: 'camera', key, contentType: 'video/webm', sizeBytes: 5, sha256, durationMs: 4000, ...change };
    },
  };
}
