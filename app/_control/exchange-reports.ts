/**
 * One request of a recorder: its reports are applied, and it is answered with leases, commands and tasks. A claim with
 * `waitMs` is answered when there is something to say, or when the time is up.
 */
import { NOTICE_MAX_BYTES, notify } from '../../db/notices.ts';
import { listHeldAttempts } from '../../db/queries/list-held-attempts.ts';
import { listQueue } from '../../db/queries/list-queue.ts';
import { deleteWorker, listWorkers, upsertWorker } from '../../db/queries/upsert-worker.ts';
import type { LiveStats, ReportBatch, ReportReply } from '../../recorder/contract/report.ts';
import { type AttemptReply, applyReport, commandFor, wasTakenAway } from './apply-report.ts';
import { claimTasks } from './claim-tasks.ts';
import type { Control } from './control.ts';
import { claimPreview, settlePreview } from './hand-out-previews.ts';
import { reportBacklog } from './report-backlog.ts';
import { CLAIM_RECHECK_MS, WORKER_SILENT_MS } from './timing.ts';

type Claim = NonNullable<ReportBatch['claim']> & { makesPreviews: boolean };

/** The store is asked for finished files; all leases of the batch must be renewed in time, whether it answers or not. */
const STORE_PATIENCE_MS = 3_000;
/** Reports of one batch that are written at the same time. */
const PARALLEL_REPORTS = 4;

export async function exchangeReports(control: Control, batch: ReportBatch, signal: AbortSignal): Promise<ReportReply> {
  const written = reportBacklog(control).begin(performance.now());
  const replies = await applyReports(control, batch.reports).finally(written);
  await publishStats(control, replies);
  const attempts = new Map(replies.map(({ live: _, ...reply }) => [reply.attemptId, reply]));
  for (const done of batch.previews?.done ?? []) await settlePreview(control, done);
  const makesPreviews = batch.previews?.isFree ?? false;
  if (!batch.claim) {
    const preview = makesPreviews ? await claimPreview(control) : undefined;
    return { attempts: [...attempts.values()], tasks: [], preview };
  }

  const answer = await waitForWork(control, { ...batch.claim, makesPreviews }, signal);
  for (const held of answer.attempts) if (!attempts.has(held.attemptId)) attempts.set(held.attemptId, held);
  const freeSlotsElsewhere = batch.claim.isDraining ? await countFreeSlots(control, batch.claim.workerId) : undefined;
  return { ...answer, attempts: [...attempts.values()], freeSlotsElsewhere };
}

/** What a worker that goes could hand over now: beside those that wait already. */
async function countFreeSlots({ database: { db } }: Control, leavingWorkerId: string): Promise<number> {
  const workers = await listWorkers(db, WORKER_SILENT_MS);
  const free = workers.filter(({ id }) => id !== leavingWorkerId).reduce((sum, { freeSlots }) => sum + freeSlots, 0);
  return Math.max(0, free - (await listQueue(db, free + 1)).length);
}

async function applyReports(control: Control, reports: ReportBatch['reports']): Promise<AttemptReply[]> {
  const replies: AttemptReply[] = [];
  const waiting = [...reports].reverse();
  const storePatience = AbortSignal.timeout(STORE_PATIENCE_MS);
  const work = async () => {
    for (let report = waiting.pop(); report; report = waiting.pop()) {
      replies.push(await applyReport(control, report, storePatience));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_REPORTS }, work));
  return replies;
}

/** Live figures go to whoever watches, and nowhere else: in as few notices as hold them. */
async function publishStats(control: Control, replies: readonly AttemptReply[]): Promise<void> {
  const newest = new Map<string, LiveStats>();
  for (const { live } of replies) if (live) newest.set(live.recordingId, shortened(live.stats));
  let payload = '';
  for (const entry of newest) {
    const json = JSON.stringify(entry).toWellFormed();
    if (payload !== '' && Buffer.byteLength(payload) + Buffer.byteLength(json) + 3 > NOTICE_MAX_BYTES) {
      await notify(control.database.db, 'recording_stats', `[${payload}]`);
      payload = '';
    }
    payload += payload === '' ? json : `,${json}`;
  }
  if (payload !== '') await notify(control.database.db, 'recording_stats', `[${payload}]`);
}

/** A notice holds little: the sentence about the store may be cut. */
function shortened(stats: LiveStats): LiveStats {
  const { uploadTrouble } = stats;
  if (!uploadTrouble) return stats;
  return { ...stats, uploadTrouble: { ...uploadTrouble, message: uploadTrouble.message.slice(0, 500) } };
}

async function waitForWork(control: Control, claim: Claim, signal: AbortSignal): Promise<ReportReply> {
  const { workerId, freeSlots, version } = claim;
  const deadlineMs = performance.now() + claim.waitMs;
  const held = new Set(claim.holds.map((hold) => hold.attemptId));
  const wake = new Wake();
  const unsubscribe = control.hub.subscribe((message) => {
    if (message.kind === 'task' ? freeSlots > 0 : message.kind === 'command' && held.has(message.attemptId)) wake.now();
  });
  signal.addEventListener('abort', wake.now);
  try {
    await upsertWorker(control.database.db, { id: workerId, freeSlots, version });
    for (;;) {
      wake.reset();
      // A task given to a connection that is gone would be lost until its lease runs out.
      if (signal.aborted) {
        await deleteWorker(control.database.db, workerId);
        return { attempts: [], tasks: [] };
      }
      const { attempts, news, lost } = await commandsFor(control, claim);
      // Whoever lost an attempt may be stopped or cut off: it has to ask again before it gets another.
      const tasks = lost ? [] : await claimTasks(control, { id: workerId, freeSlots });
      const hasNews = tasks.length > 0 || news;
      const preview = claim.makesPreviews && !hasNews && !lost ? await claimPreview(control) : undefined;
      const leftMs = deadlineMs - performance.now();
      if (hasNews || preview || leftMs <= 0) return { attempts, tasks, preview };
      await wake.within(Math.min(leftMs, CLAIM_RECHECK_MS));
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', wake.now);
  }
}

async function commandsFor(
  control: Control,
  claim: Claim,
): Promise<{ attempts: ReportReply['attempts']; news: boolean; lost: boolean }> {
  const ids = claim.holds.map((hold) => hold.attemptId);
  const known = new Map((await listHeldAttempts(control.database.db, ids)).map((row) => [row.attemptId, row]));
  let news = false;
  let lost = false;
  const attempts = claim.holds.map(({ attemptId, obeys }) => {
    const row = known.get(attemptId);
    const command = commandFor(row);
    if (command !== obeys && row?.state !== 'ended') news = true;
    if (command !== obeys && row && wasTakenAway(row.outcome)) lost = true;
    return { attemptId, command, leaseMs: row?.leaseMs ?? 0, accepted: false };
  });
  return { attempts, news: news || lost, lost };
}

/** A wait that can be cut short, also by what happens just before it begins. */
class Wake {
  #woken = false;
  #resolve: (() => void) | undefined;

  readonly now = (): void => {
    this.#woken = true;
    this.#resolve?.();
  };

  reset(): void {
    this.#woken = false;
  }

  async within(ms: number): Promise<void> {
    if (this.#woken) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#resolve = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}
