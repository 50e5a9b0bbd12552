/**
 * Tells the control plane how the attempts of this process stand, and them what it wants.
 *
 * In: attempts (`add`), and a nudge when one changed. Out: a report of each every second, as many as can be in one request, and at
 * once of one whose state changed or that has a segment in the store; never two requests at a time; `obey` on the attempts. Nothing
 * is dropped: what is not acknowledged is sent again.
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
/** What was told longer ago than this goes along with a request that is made for others. */
const goesAlongAfterMicros = 900_000;
/**
 * State changes of a hundred recordings come in bursts (a room ends), and their segments one after the other; this many milliseconds
 * of them share a request. A segment that is stored and not told is lost with the machine.
 */
const coalesceMs = 40;
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
  /** Called when the control plane has answered for all that was due, or could not be asked. */
  readonly #onRound = new Set<(isSent: boolean) => void>();
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
    const ledger = this.#ledgers.get(attemptId);
    if (!ledger) return;
    ledger.mayHaveNews = true;
    if (ledger.hasNews) this.#nudge.abort();
  }

  /** Resolves when all that is held now was answered once, or the control plane could not be asked. */
  async told(): Promise<void> {
    const held = [...this.#ledgers.values()];
    // One round may be under way without the newest of them.
    for (let round = 0; round < 2 && held.some((ledger) => !Number.isFinite(ledger.toldAtMicros)); round++) {
      const isSent = await new Promise<boolean>((resolve) => this.#onRound.add(resolve));
      if (!isSent) return;
    }
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
      for (const resolve of this.#onRound) resolve(isSent);
      this.#onRound.clear();
      if (this.#forgetSettled()) this.#onSettled?.();
      if (!isSent) await this.#rest(this.#backOff.nextMs(), this.#nudge.signal);
      else if (!this.#reportable().some((ledger) => ledger.isBehind || ledger.hasNews)) {
        await this.#rest(this.#untilNextMs(), this.#nudge.signal);
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
    const longAgoMicros = this.#clock.monotonicMicros() - goesAlongAfterMicros;
    const isSettling = this.#onSettled !== undefined;
    return this.#reportable().filter(
      (ledger) => isSettling || ledger.toldAtMicros <= longAgoMicros || ledger.isBehind || ledger.hasNews,
    );
  }

  #reportable(): AttemptLedger[] {
    const nowMicros = this.#clock.monotonicMicros();
    return [...this.#ledgers.values()].filter(
      (ledger) => ledger.isWorthReporting && ledger.restsUntilMicros <= nowMicros,
    );
  }

  /** Until the one that was told longest ago is to be told again. */
  #untilNextMs(): number {
    const toldAtMicros = Math.min(...this.#reportable().map((ledger) => ledger.toldAtMicros));
    if (!Number.isFinite(toldAtMicros)) return intervalMs;
    const sinceMs = (this.#clock.monotonicMicros() - toldAtMicros) / 1000;
    return Math.max(0, Math.ceil(intervalMs - sinceMs));
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
      one.ledger.toldAtMicros = sentAtMicros;
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
