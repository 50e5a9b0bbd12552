import type { Command, Report, ReportReply } from '../contract/report.ts';
import type { AttemptSnapshot, ReportedAttempt } from './reported-attempt.ts';

/** The contract's bounds on a report. */
const mostSegments = 1000;
const mostGaps = 10_000;
const mostTracks = 64;
/** An attempt that is over and stored, and that the control plane does not want to hear of, is told so often. */
const refusalsThatConvince = 5;

/** A report on its way, and what its acknowledgement will mean. */
export interface SentReport {
  ledger: AttemptLedger;
  report: Report;
}

/**
 * What the control plane knows of one attempt. Whatever it has not acknowledged goes out again, so nothing is queued here: a
 * report is made from the attempt as it stands.
 */
export class AttemptLedger {
  readonly attempt: ReportedAttempt;
  /** The newest command; the last two of the contract stay. */
  obeys: Command = 'continue';
  /** The control plane read a report of this attempt and refused it; not to be tried before. */
  restsUntilMicros = 0;
  /** When the newest report that was answered was sent, monotonic; none, or it is not answered: before all time. */
  toldAtMicros = Number.NEGATIVE_INFINITY;
  /** Something changed since the newest report. A snapshot costs something, so this is asked first. */
  mayHaveNews = true;
  /** Of the newest report, as long as they are not acknowledged. */
  #sentSegments = 0;
  #isOutcomeTold = false;
  #isOutcomeAcknowledged = false;
  /** Reports of an attempt that is over, refused one after the other. */
  #refusals = 0;
  #toldShape = '';
  /** The newest report left off before the last segment. */
  #isCut = false;

  constructor(attempt: ReportedAttempt) {
    this.attempt = attempt;
  }

  /** Nothing more is to be said about it. */
  get isSettled(): boolean {
    // While it records this is asked all the time, and a snapshot costs something.
    if (!this.#isOutcomeTold && this.obeys !== 'discard') return false;
    const { outcome, stats, segments } = this.attempt.snapshot();
    if (outcome === undefined) return false;
    if (this.obeys === 'discard') return true;
    if (stats.segmentsPending > 0) return false;
    if (this.#refusals >= refusalsThatConvince) return true;
    return this.#isOutcomeAcknowledged && segments.length === 0;
  }

  get isWorthReporting(): boolean {
    return this.obeys !== 'discard' && !this.isSettled;
  }

  /** Something changed that the control plane should hear now, not with the next second. */
  get hasNews(): boolean {
    if (!this.mayHaveNews || !this.isWorthReporting) return false;
    const snapshot = this.attempt.snapshot();
    const isStoring = !this.#isCut && snapshot.segments.length > this.#sentSegments;
    this.mayHaveNews = isStoring || shapeOf(snapshot) !== this.#toldShape;
    return this.mayHaveNews;
  }

  /** The last report could not hold every segment, and was acknowledged: the rest may follow at once. */
  get isBehind(): boolean {
    return this.#isCut && this.#sentSegments === 0;
  }

  nextReport(): SentReport {
    const snapshot = this.attempt.snapshot();
    const segments = snapshot.segments.slice(0, mostSegments);
    this.#isCut = segments.length < snapshot.segments.length;
    // What is finished has all its segments; what failed is told at once, and its segments follow as they get into the store.
    const isEnd = snapshot.outcome?.kind === 'failed' || (snapshot.outcome !== undefined && !this.#isCut);
    const state = snapshot.outcome !== undefined && !isEnd ? 'finalising' : snapshot.state;
    this.#isOutcomeTold ||= isEnd;
    this.#toldShape = shapeOf(snapshot);
    this.#sentSegments = segments.length;
    this.mayHaveNews = false;
    this.toldAtMicros = Number.NEGATIVE_INFINITY;
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
      segments,
      outcome: isEnd ? snapshot.outcome : undefined,
    };
    return { ledger: this, report };
  }

  /** The reply to a request that carried this report. @param sentAtMicros monotonic */
  take(sent: SentReport, answer: ReportReply['attempts'][number], sentAtMicros: number): void {
    if (answer.accepted) {
      this.#refusals = 0;
      this.attempt.acknowledged(sent.report.segments.length);
      this.#sentSegments = 0;
      if (sent.report.outcome) this.#isOutcomeAcknowledged = true;
      if (!isForGood(answer.command)) this.attempt.leased(sentAtMicros + answer.leaseMs * 1000);
    } else if (sent.report.outcome && sent.report.stats.segmentsPending === 0 && isForGood(answer.command)) {
      this.#refusals += 1;
    }
    this.obey(answer);
  }

  obey({ command }: Pick<ReportReply['attempts'][number], 'command'>): void {
    if (command === this.obeys || (isForGood(this.obeys) && command !== 'discard')) return;
    this.obeys = command;
    this.attempt.obey(command);
  }
}

function isForGood(command: Command): boolean {
  return command === 'abandon' || command === 'discard';
}

/** What a page shows at once when it changes. */
function shapeOf(snapshot: AttemptSnapshot): string {
  const isStored = snapshot.outcome !== undefined && snapshot.stats.segmentsPending === 0;
  return `${snapshot.state} ${snapshot.startedAtUnixMs} ${snapshot.outcome?.kind} ${isStored}`;
}
