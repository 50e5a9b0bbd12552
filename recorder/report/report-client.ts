/**
 * Tells the control plane how the attempts of this process stand, and them what it wants.
 *
 * In: attempts (`add`), and a nudge when one changed. Out: one request a second for all of them together, one at once when a state
 * changed, never two at a time; `obey` on the attempts. Nothing is dropped: what is not acknowledged is sent again.
 *
 * The control plane away: recordings go on, requests are spaced out, and the first one that gets through carries everything.
 * A report it refuses to read is tried again rarely, and alone, so that it does not hold up the others.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../clock.ts';
import type { ReportReply } from '../contract/report.ts';
import { BackOff } from '../upload/back-off.ts';
import { AttemptLedger, type SentReport } from './attempt-ledger.ts';
import { type ControlPlane, ControlPlaneError } from './control-plane.ts';
import type { ReportedAttempt } from './reported-attempt.ts';

/** Leases are renewed by reports: a fraction of any lease. */
const intervalMs = 1000;
/** State changes of a hundred recordings come in bursts (a room ends); this many milliseconds of them share a request. */
const coalesceMs = 20;
const firstRetryMs = 500;
/** So that a control plane that was restarted hears of everything within seconds. */
const mostRetryMs = 5_000;
const refusedRestMicros = 30_000_000;
/** The contract's bound on a batch. */
const mostReports = 500;

export interface ReportClientOptions {
  controlPlane: ControlPlane;
  log: Logger;
  clock?: Clock;
  random?: () => number;
  /** Resolves after the time, rejects when aborted. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export class ReportClient {
  readonly #controlPlane: ControlPlane;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly #backOff: BackOff;
  readonly #ledgers = new Map<string, AttemptLedger>();
  readonly #closed = new AbortController();
  #nudge = new AbortController();
  #isFailing = false;
  #onSettled: (() => void) | undefined;
  readonly #releasing = new Set<Promise<void>>();
  #running: Promise<void> | undefined;

  constructor(options: ReportClientOptions) {
    this.#controlPlane = options.controlPlane;
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
    this.#sleep = options.sleep ?? ((ms, signal) => delay(ms, undefined, { signal }));
    this.#backOff = new BackOff(firstRetryMs, mostRetryMs, options.random);
  }

  /** Reports it from now on, the first time at once, until its outcome is acknowledged. */
  add(attempt: ReportedAttempt): void {
    this.#ledgers.set(attempt.attemptId, new AttemptLedger(attempt));
    this.#running ??= this.#run();
    this.#nudge.abort();
  }

  /** To be called when anything about an attempt changed; what is worth a request of its own is decided here. */
  changed(attemptId: string): void {
    if (this.#ledgers.get(attemptId)?.hasNews) this.#nudge.abort();
  }

  has(attemptId: string): boolean {
    return this.#ledgers.has(attemptId);
  }

  /** For a claim: what is held here, and the command each obeys. */
  get holds(): { attemptId: string; obeys: string }[] {
    return [...this.#ledgers.values()].map(({ attempt, obeys }) => ({ attemptId: attempt.attemptId, obeys }));
  }

  /** Commands may also come with the answer to a claim. */
  obey(reply: ReportReply): void {
    for (const answer of reply.attempts) this.#ledgers.get(answer.attemptId)?.obey(answer);
  }

  /** Resolves when there is nothing left to tell, or when the signal aborts. */
  async settle(signal: AbortSignal): Promise<void> {
    if (!this.#forgetSettled() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#onSettled = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
        this.#backOff.reset();
        this.#nudge.abort();
      });
    }
    await Promise.all(this.#releasing);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#nudge.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      await this.#rest(coalesceMs, this.#closed.signal);
      this.#nudge = new AbortController();
      const isSent = await this.#report();
      if (this.#forgetSettled()) this.#onSettled?.();
      if (!isSent) await this.#rest(this.#backOff.nextMs(), this.#nudge.signal);
      else if (!this.#due().some((ledger) => ledger.isBehind || ledger.hasNews)) {
        await this.#rest(intervalMs, this.#nudge.signal);
      }
    }
  }

  /** False when the control plane could not be asked. */
  async #report(): Promise<boolean> {
    const ledgers = this.#due();
    for (let start = 0; start < ledgers.length; start += mostReports) {
      const sent = ledgers.slice(start, start + mostReports).map((ledger) => ledger.nextReport());
      if (!(await this.#send(sent))) return false;
    }
    return true;
  }

  #due(): AttemptLedger[] {
    const nowMicros = this.#clock.monotonicMicros();
    return [...this.#ledgers.values()].filter(
      (ledger) => ledger.isWorthReporting && ledger.restsUntilMicros <= nowMicros,
    );
  }

  async #send(sent: SentReport[]): Promise<boolean> {
    const sentAtMicros = this.#clock.monotonicMicros();
    try {
      const reply = await this.#controlPlane.exchange(
        { reports: sent.map(({ report }) => report) },
        this.#closed.signal,
      );
      this.#take(sent, reply, sentAtMicros);
      this.#backOff.reset();
      if (this.#isFailing) this.#log.info('control-plane.reached');
      this.#isFailing = false;
      return true;
    } catch (error) {
      if (this.#closed.signal.aborted) return false;
      if (!(error instanceof ControlPlaneError)) throw error;
      if (error.isRefused) return this.#sendAlone(sent, error);
      if (!this.#isFailing) this.#log.warn({ reason: error.message }, 'control-plane.unreachable');
      this.#isFailing = true;
      return false;
    }
  }

  /** One of these reports is refused: the others must not suffer for it. */
  async #sendAlone(sent: SentReport[], refusal: ControlPlaneError): Promise<boolean> {
    const [only, ...others] = sent;
    if (only && others.length === 0) {
      const { attemptId } = only.report;
      this.#log.error({ attemptId, reason: refusal.message }, 'report.refused');
      only.ledger.restsUntilMicros = this.#clock.monotonicMicros() + refusedRestMicros;
      return true;
    }
    for (const one of sent) {
      if (!(await this.#send([one]))) return false;
    }
    return true;
  }

  #take(sent: SentReport[], reply: ReportReply, sentAtMicros: number): void {
    const answers = new Map(reply.attempts.map((answer) => [answer.attemptId, answer]));
    for (const one of sent) {
      const answer = answers.get(one.report.attemptId);
      if (answer) one.ledger.take(one, answer, sentAtMicros);
    }
  }

  /** True when nothing is left. */
  #forgetSettled(): boolean {
    for (const [attemptId, ledger] of this.#ledgers) {
      if (!ledger.isSettled) continue;
      this.#ledgers.delete(attemptId);
      this.#release(ledger.attempt);
    }
    return this.#ledgers.size === 0;
  }

  #release(attempt: ReportedAttempt): void {
    const releasing = attempt
      .release()
      .catch((error: unknown) => {
        this.#log.warn({ error, attemptId: attempt.attemptId }, 'attempt.not-released');
      })
      .finally(() => this.#releasing.delete(releasing));
    this.#releasing.add(releasing);
  }

  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    await this.#sleep(ms, signal).catch(() => {});
  }
}
