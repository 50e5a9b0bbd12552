/** The other side of the contract, over real HTTP: checks every batch against the schema and answers what the test says. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Report, type ReportBatch, type ReportReply, reportBatchSchema } from '../../contract/report.ts';

export type Answer = ReportReply | { status: number; body: string } | 'never';

export class ControlPlanePeer {
  readonly batches: ReportBatch[] = [];
  readonly tokens: (string | undefined)[] = [];
  /** By default every report is accepted and nothing is wanted; a claim waits until the test answers it. */
  onReports: (reports: Report[]) => Answer | Promise<Answer> = (reports) => acceptAll(reports);
  onClaim: (claim: NonNullable<ReportBatch['claim']>) => Answer | Promise<Answer> = () => 'never';
  readonly #server: Server;
  #onBatch: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(port = 0): Promise<ControlPlanePeer> {
    const peer = new ControlPlanePeer();
    await new Promise<void>((resolve) => peer.#server.listen(port, '127.0.0.1', resolve));
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get reports(): Report[] {
    return this.batches.flatMap((batch) => batch.reports);
  }

  /** Resolves with the first batch that fits, looking also at those that came already. */
  async batch(fits: (batch: ReportBatch) => boolean): Promise<ReportBatch> {
    for (;;) {
      const found = this.batches.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => this.#onBatch.push(resolve));
    }
  }

  async report(fits: (report: Report) => boolean): Promise<Report> {
    const batch = await this.batch(({ reports }) => reports.some(fits));
    return batch.reports.find(fits) as Report;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url !== '/api/recorder/reports' || request.method !== 'POST') {
      response.writeHead(404).end();
      return;
    }
    this.tokens.push(request.headers.authorization);
    const batch = reportBatchSchema.safeParse(JSON.parse(await text(request)));
    if (!batch.success) {
      response.writeHead(400).end(batch.error.message);
      return;
    }
    const { claim, reports } = batch.data;
    const answering = claim ? this.onClaim(claim) : this.onReports(reports);
    this.batches.push(batch.data);
    for (const tell of this.#onBatch.splice(0)) tell();
    const answer = await answering;
    if (answer === 'never') return;
    if ('status' in answer) response.writeHead(answer.status).end(answer.body);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }
}

export function acceptAll(
  reports: Report[],
  command: ReportReply['attempts'][number]['command'] = 'continue',
): ReportReply {
  const attempts = reports.map(({ attemptId }) => ({ attemptId, command, leaseMs: 15_000, accepted: true }));
  return { attempts, tasks: [] };
}

export function refuseAll(reports: Report[], command: ReportReply['attempts'][number]['command']): ReportReply {
  const attempts = reports.map(({ attemptId }) => ({ attemptId, command, leaseMs: 0, accepted: false }));
  return { attempts, tasks: [] };
}
