/** What dead processes left in the spool folder → attempts that are reported and stored by this one. */
import type { Logger } from 'pino';
import type { ObjectStore } from '../storage/object-store.ts';
import type { ProcessSpool } from './journal/process-spool.ts';
import { RecoveredAttempt } from './recovered-attempt.ts';

/** A worker whose supervisor went with it: one beside it finds what it left within this. */
const LOOK_EVERY_MS = 10_000;

export interface RecoverSpoolOptions {
  spool: ProcessSpool;
  store: ObjectStore | Promise<ObjectStore>;
  /** How the process before this one ended, as the supervisor says. */
  howItDied?: string;
  log: Logger;
  onRecovered(attempt: RecoveredAttempt): void;
}

export async function recoverSpool(options: RecoverSpoolOptions): Promise<void> {
  const { spool, store, howItDied, log, onRecovered } = options;
  const attemptIds = await spool.takeOver();
  await Promise.all(
    attemptIds.map(async (attemptId) => {
      try {
        const attempt = await RecoveredAttempt.open({ spoolDir: spool.folder, attemptId, store, howItDied, log });
        if (attempt) onRecovered(attempt);
      } catch (error) {
        log.error({ error, attemptId }, 'attempt.not-recovered');
      }
    }),
  );
}

export interface Recovering {
  /** Resolves when what was there at the beginning is recovered. */
  first: Promise<void>;
  stop(): void;
}

/** Now, and again and again. */
export function keepRecovering(options: RecoverSpoolOptions): Recovering {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const look = async (howItDied?: string) => {
    await recoverSpool({ ...options, howItDied }).catch((error: unknown) => {
      options.log.error({ error }, 'spool.not-recovered');
    });
    if (!isStopped) timer = setTimeout(() => void look(), LOOK_EVERY_MS).unref();
  };
  // What is found later was not left by the process before this one.
  const first = look(options.howItDied);
  return {
    first,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
