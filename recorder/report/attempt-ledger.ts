import type { Command, Report, ReportReply } from '../contract/report.ts';
import type { AttemptSnapshot, ReportedAttempt } from './reported-attempt.ts';

/** The contract's bounds on a report. */
const mostSegments = 1000;
const mostGaps = 10_000;
const mostTracks = 64;

/** A report on its way, and what its acknowledgement will mean. */
export interface SentReport {
  ledger: AttemptLedger;
  report: Report;
  /** Length of the snapshot's segments up to the last one in this report. */
  segmentCount: number;
}

/**
 * What the control plane knows of one attempt. Whatever it has not acknowledged goes out again, so nothing is queued here: a
 * report is made from the attempt as it stands, and memory does not grow while the control plane is away.
 */
export class AttemptLedger {
  readonly attempt: ReportedAttempt;
  /** The newest command; `abandon` stays. */
  obeys: Command = 'continue';
  /** The control plane read a report of this attempt and refused it; not to be tried before. */
  restsUntilMicros = 0;
  #acknowledgedSegments = 0;
  #isOutcomeAcknowledged = false;
  #toldShape = '';
  /** Where the last report left off, when that was before the last segment. */
  #cutAt: number | undefined;

  constructor(attempt: ReportedAttempt) {
    this.attempt = attempt;
  }

  /** Nothing more is to be said about it. */
  get isSettled(): boolean {
    if (this.#isOutcomeAcknowledged) return true;
    return this.obeys === 'abandon' && this.attempt.snapshot().outcome !== undefined;
  }

  get isWorthReporting(): boolean {
    return this.obeys !== 'abandon' && !this.#isOutcomeAcknowledged;
  }

  /** Something changed that the control plane should hear now, not with the next second. */
  get hasNews(): boolean {
    return this.isWorthReporting && shapeOf(this.attempt.snapshot()) !== this.#toldShape;
  }

  /** The last report could not hold every segment, and was acknowledged: the rest may follow at once. */
  get isBehind(): boolean {
    return this.#cutAt !== undefined && this.#cutAt === this.#acknowledgedSegments;
  }

  nextReport(): SentReport {
    const snapshot = this.attempt.snapshot();
    const segmentCount = Math.min(snapshot.segments.length, this.#acknowledgedSegments + mostSegments);
    this.#cutAt = segmentCount < snapshot.segments.length ? segmentCount : undefined;
    // The end is only told with the last segment: after it nobody listens.
    const isEnd = snapshot.outcome !== undefined && segmentCount === snapshot.segments.length;
    const state = snapshot.outcome !== undefined && !isEnd ? 'finalising' : snapshot.state;
    this.#toldShape = shapeOf(snapshot);
    const report: Report = {
      attemptId: this.attempt.attemptId,
      epoch: this.attempt.epoch,
      reportToken: this.attempt.reportToken,
      state,
      startedAtUnixMs: snapshot.startedAtUnixMs,
      stoppedAtUnixMs: snapshot.stoppedAtUnixMs,
      captureAgeMs: snapshot.captureAgeMs,
      publisherZeroMicros: snapshot.publisherZeroMicros,
      participantSid: snapshot.participantSid,
      stats: snapshot.stats,
      tracks: snapshot.tracks.slice(-mostTracks),
      gaps: snapshot.gaps.slice(-mostGaps),
      segments: snapshot.segments.slice(this.#acknowledgedSegments, segmentCount),
      outcome: isEnd ? snapshot.outcome : undefined,
    };
    return { ledger: this, report, segmentCount };
  }

  /** The reply to a request that carried this report. */
  acknowledge(sent: SentReport): void {
    this.#acknowledgedSegments = Math.max(this.#acknowledgedSegments, sent.segmentCount);
    if (sent.report.outcome) this.#isOutcomeAcknowledged = true;
  }

  obey({ command }: ReportReply['attempts'][number]): void {
    if (this.obeys === 'abandon' || command === this.obeys) return;
    this.obeys = command;
    this.attempt.obey(command);
  }
}

/** What a page shows at once when it changes. */
function shapeOf(snapshot: AttemptSnapshot): string {
  return `${snapshot.state} ${snapshot.startedAtUnixMs} ${snapshot.outcome?.kind}`;
}
