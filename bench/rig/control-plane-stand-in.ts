/**
 * The control plane's side of the report contract, in memory: hands out tasks, takes reports, gives commands. A database and
 * a dashboard beside it would only cost CPU that is not measured.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Command, Report, ReportBatch, ReportReply } from '../../recorder/contract/report.ts';
import type { RecordTask } from '../../recorder/contract/task-spec.ts';

const LEASE_MS = 15_000;

/** What is known of an attempt: its newest report, and all segments of all of them. */
export interface KnownAttempt {
  report: Report;
  segments: Report['segments'];
  /** Of our monotonic clock, by state. */
  firstSeenMs: Partial<Record<Report['state'], number>>;
}

export class ControlPlaneStandIn {
  readonly attempts = new Map<string, KnownAttempt>();
  readonly #server: Server;
  readonly #tasks: RecordTask[] = [];
  readonly #commands = new Map<string, Command>();
  #waitingClaim: { holds: readonly string[]; answer(reply: ReportReply): void } | undefined;
  #watchers = new Set<() => void>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
    // A worker keeps one request open for as long as 25 s.
    this.#server.requestTimeout = 0;
  }

  static async start(): Promise<ControlPlaneStandIn> {
    const standIn = new ControlPlaneStandIn();
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  give(tasks: readonly RecordTask[]): void {
    this.#tasks.push(...tasks);
    this.#answerClaim();
  }

  command(attemptId: string, command: Command): void {
    this.#commands.set(attemptId, command);
    this.#answerClaim();
  }

  /** Resolves when the condition holds after a report. */
  async until(condition: () => boolean, withinMs: number, what: string): Promise<void> {
    const deadline = AbortSignal.timeout(withinMs);
    while (!condition()) {
      if (deadline.aborted) throw new Error(`${what}: not within ${withinMs / 1000} s.`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#watchers.delete(wake);
          deadline.removeEventListener('abort', wake);
          resolve();
        };
        this.#watchers.add(wake);
        deadline.addEventListener('abort', wake);
      });
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const batch = JSON.parse(await text(request)) as ReportBatch;
    const answer = (reply: ReportReply) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    for (const report of batch.reports) this.#take(report);
    if (batch.reports.length > 0) for (const wake of [...this.#watchers]) wake();
    const attempts = batch.reports.map(({ attemptId }) => this.#attemptReply(attemptId, true));
    if (!batch.claim) {
      answer({ attempts, tasks: [] });
      return;
    }
    const { holds, waitMs } = batch.claim;
    const waiting = {
      holds: holds.filter(({ attemptId, obeys }) => this.#commandOf(attemptId) === obeys).map((hold) => hold.attemptId),
      answer,
    };
    this.#waitingClaim = waiting;
    const isNews = waiting.holds.length < holds.length || this.#tasks.length > 0;
    if (isNews || waitMs === 0) this.#answerClaim(holds.map(({ attemptId }) => attemptId));
    else setTimeout(() => this.#waitingClaim === waiting && this.#answerClaim(), waitMs).unref();
  }

  #answerClaim(holds = this.#waitingClaim?.holds ?? []): void {
    const waiting = this.#waitingClaim;
    this.#waitingClaim = undefined;
    waiting?.answer({ attempts: holds.map((id) => this.#attemptReply(id, false)), tasks: this.#tasks.splice(0) });
  }

  #take(report: Report): void {
    const known = this.attempts.get(report.attemptId) ?? { report, segments: [], firstSeenMs: {} };
    known.report = report;
    known.segments.push(...report.segments);
    known.firstSeenMs[report.state] ??= performance.now();
    this.attempts.set(report.attemptId, known);
  }

  #attemptReply(attemptId: string, accepted: boolean): ReportReply['attempts'][number] {
    return { attemptId, command: this.#commandOf(attemptId), leaseMs: LEASE_MS, accepted };
  }

  #commandOf(attemptId: string): Command {
    return this.#commands.get(attemptId) ?? 'continue';
  }
}
