/**
 * When to ask a publisher for a keyframe (PLI, RFC 4585 section 6.3.1): when the stream began without one, when a frame was
 * lost for good, and every now and then so that a recording can be seeked.
 *
 * A request is not free. LiveKit (1.11, downtrack.go) answers no NACK between a request and the next keyframe, and it does so
 * even when it does not pass the request on, because the publisher was asked less than a second before. With a publisher that
 * does not answer, repair is then off until its next own keyframe, whenever that comes. So no request is made
 *
 * - within that second after a keyframe;
 * - after a loss, when the next keyframe comes by itself before long, or the publisher is known not to answer: its picture is
 *   whole again when it likes;
 * - for seeking, while packets are missing; and for a long time after some were, of a publisher not known to answer.
 *
 * An unanswered request is repeated with growing pauses: repair is off anyway. When a keyframe has begun to come, it is first
 * let come, because repair works again. A stream that has not begun has nothing to
 * repair: all its requests are made.
 */

/** LiveKit passes on one request in 0.5 to 1 s, depending on the layer. */
const PASSED_ON_AGAIN_MICROS = 1_100_000;
const BEGINNING_RETRY_MICROS = 500_000;
const QUICK_BEGINNING_REQUESTS = 3;
const LONGEST_RETRY_MICROS = 10_000_000;
/** A keyframe that begins to arrive is whole after this time, or it is lost. */
const REPAIRED_WITHIN_MICROS = 2_000_000;
/** A keyframe within this time of a request is its answer. Some come by themselves: the newest one decides. */
const ANSWERED_WITHIN_MICROS = 1_000_000;
/** Seeking in a recording decodes from the keyframe before: 10 s of 30 fps decode in well under a second. */
const LONGEST_WITHOUT_KEYFRAME_MICROS = 10_000_000;
/** The same where a request may do harm. */
const LONGEST_AT_RISK_MICROS = 60_000_000;
/** Publishers that send keyframes by themselves this often need not be asked. */
const SHORT_INTERVAL_MICROS = 5_000_000;
/** Of the interval between the last two; a later one does not come by itself. */
const LATE_KEYFRAME = 1.5;
/** This long without a missing packet is a good path. */
const GOOD_PATH_MICROS = 5_000_000;

type Need = 'none' | 'seeking' | 'loss' | 'beginning';

export class KeyframeRequester {
  readonly #send: () => void;
  #need: Need = 'none';
  /** Since the newest keyframe. */
  #requests = 0;
  #retryMicros = 0;
  #lastSentMicros = Number.NEGATIVE_INFINITY;
  /** What looks like the keyframe that was asked for has begun to arrive. */
  #arrivesSinceMicros: number | undefined;
  /** Of the newest keyframe, or of the first packet. */
  #lastKeyframeMicros: number | undefined;
  /** From one keyframe to the next, where nobody here asked for it. */
  #ownIntervalMicros = Number.POSITIVE_INFINITY;
  #lastMissingMicros = Number.NEGATIVE_INFINITY;
  /** Undefined: it was not asked yet. */
  #publisherAnswers: boolean | undefined;

  constructor(send: () => void) {
    this.#send = send;
  }

  /** There is a request without a keyframe after it. */
  get isWaiting(): boolean {
    return this.#requests > 0;
  }

  /** A frame will never come. */
  frameLost(nowMicros: number): void {
    if (this.#need === 'none' || this.#need === 'seeking') this.#want('loss', nowMicros);
  }

  /** Without a keyframe there is nothing to show at all. */
  cannotBegin(nowMicros: number): void {
    if (this.#need !== 'beginning') this.#want('beginning', nowMicros);
  }

  /** Its first packet came; others may be missing, or it is none after all. */
  keyframeBegins(nowMicros: number): void {
    this.#arrivesSinceMicros ??= nowMicros;
  }

  /** @param receivedAtMicros of its last packet: it may have waited since for others */
  keyframe(receivedAtMicros: number): void {
    if (this.#requests > 0) {
      const isAnswer = receivedAtMicros - this.#lastSentMicros <= ANSWERED_WITHIN_MICROS;
      // Before a beginning the track may be muted, and have none to give.
      if (isAnswer || this.#need !== 'beginning') this.#publisherAnswers = isAnswer;
    } else if (this.#lastKeyframeMicros !== undefined) {
      this.#ownIntervalMicros = receivedAtMicros - this.#lastKeyframeMicros;
    }
    this.#need = 'none';
    this.#requests = 0;
    this.#retryMicros = 0;
    this.#arrivesSinceMicros = undefined;
    this.#lastKeyframeMicros = receivedAtMicros;
  }

  /**
   * Call only while packets come: a muted track has no keyframe to give.
   * @param missesPackets that may yet come
   */
  tick(nowMicros: number, missesPackets: boolean): void {
    this.#lastKeyframeMicros ??= nowMicros;
    if (missesPackets) this.#lastMissingMicros = nowMicros;
    else if (this.#need === 'none' && this.#wantsToSeek(nowMicros)) this.#need = 'seeking';
    this.#ask(nowMicros);
  }

  #want(need: Need, nowMicros: number): void {
    this.#need = need;
    this.#ask(nowMicros);
  }

  #ask(nowMicros: number): void {
    if (this.#need === 'none' || nowMicros - this.#lastSentMicros < this.#retryMicros) return;
    if (nowMicros - (this.#arrivesSinceMicros ?? Number.NEGATIVE_INFINITY) < REPAIRED_WITHIN_MICROS) return;
    if (this.#need !== 'beginning') {
      if (nowMicros - (this.#lastKeyframeMicros ?? nowMicros) < PASSED_ON_AGAIN_MICROS) return;
      if (this.#need === 'loss' && !this.isWaiting && this.#canOnlyWait(nowMicros)) return;
    }
    this.#lastSentMicros = nowMicros;
    this.#arrivesSinceMicros = undefined;
    this.#requests += 1;
    this.#retryMicros =
      this.#need === 'beginning' && this.#requests <= QUICK_BEGINNING_REQUESTS
        ? BEGINNING_RETRY_MICROS
        : Math.min(LONGEST_RETRY_MICROS, Math.max(PASSED_ON_AGAIN_MICROS, this.#retryMicros * 2));
    this.#send();
  }

  #canOnlyWait(nowMicros: number): boolean {
    if (this.#publisherAnswers === false) return true;
    const sinceMicros = nowMicros - (this.#lastKeyframeMicros ?? nowMicros);
    return this.#ownIntervalMicros <= SHORT_INTERVAL_MICROS && sinceMicros < LATE_KEYFRAME * this.#ownIntervalMicros;
  }

  #wantsToSeek(nowMicros: number): boolean {
    const withoutMicros = nowMicros - (this.#lastKeyframeMicros ?? nowMicros);
    if (withoutMicros < LONGEST_WITHOUT_KEYFRAME_MICROS) return false;
    const pathIsGood = nowMicros - this.#lastMissingMicros >= GOOD_PATH_MICROS;
    if (this.#publisherAnswers ?? pathIsGood) return true;
    return withoutMicros >= LONGEST_AT_RISK_MICROS && (pathIsGood || this.#publisherAnswers === undefined);
  }
}
