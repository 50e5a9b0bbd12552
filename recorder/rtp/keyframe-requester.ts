/**
 * When to ask a publisher for a keyframe (PLI, RFC 4585 section 6.3.1).
 *
 * At once when a frame was lost for good, again with growing pauses until one comes, and every now and then so that a
 * recording can be seeked. Not more: LiveKit answers no NACK between a PLI and the next keyframe, so every request
 * turns repair off for a moment. A publisher that ignores requests is asked on, ever 10 s; nothing depends on it.
 */

/** LiveKit passes on one request in 0.5 to 1 s, depending on the layer; what comes sooner is dropped by it. */
const SHORTEST_INTERVAL_MICROS = 500_000;
/** Seeking in a recording decodes from the keyframe before: 10 s of 30 fps decode in well under a second. */
const LONGEST_WITHOUT_KEYFRAME_MICROS = 10_000_000;

export class KeyframeRequester {
  readonly #send: () => void;
  #needed = false;
  #retryMicros = 0;
  #lastSentMicros = Number.NEGATIVE_INFINITY;
  /** Of the newest keyframe, or of the first packet. */
  #lastKeyframeMicros: number | undefined;

  constructor(send: () => void) {
    this.#send = send;
  }

  /** A frame is lost, or the stream began without a keyframe. */
  need(nowMicros: number): void {
    if (this.#needed) return;
    this.#needed = true;
    this.#retryMicros = 0;
    this.tick(nowMicros);
  }

  keyframe(nowMicros: number): void {
    this.#needed = false;
    this.#lastKeyframeMicros = nowMicros;
  }

  /** Call only while packets come: a muted track has no keyframe to give. */
  tick(nowMicros: number): void {
    this.#lastKeyframeMicros ??= nowMicros;
    const sinceSent = nowMicros - this.#lastSentMicros;
    if (sinceSent < SHORTEST_INTERVAL_MICROS) return;
    if (this.#needed) {
      if (sinceSent < this.#retryMicros) return;
      this.#retryMicros = Math.max(
        SHORTEST_INTERVAL_MICROS,
        Math.min(this.#retryMicros * 2, LONGEST_WITHOUT_KEYFRAME_MICROS),
      );
    } else if (Math.min(sinceSent, nowMicros - this.#lastKeyframeMicros) < LONGEST_WITHOUT_KEYFRAME_MICROS) {
      return;
    }
    this.#lastSentMicros = nowMicros;
    this.#send();
  }
}
