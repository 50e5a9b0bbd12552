/** What a recording waits for, and how long. Times are of the monotonic clock, in microseconds. */

/** With a picture there, the first segment need not be longer: what was captured should be safe soon. */
const BEGINNING_MICROS = 100_000;
/** Camera and microphone are published together; the picture is the later one. */
const BEGINNING_WITHOUT_PICTURE_MICROS = 500_000;

const NEVER = Number.POSITIVE_INFINITY;

export class RecordingDeadlines {
  #absentAtMicros = NEVER;
  #awayUntilMicros = NEVER;
  #saveBeginningAtMicros: number | undefined;

  constructor(private readonly limits: { absentAfterMs: number; reconnectWindowMs: number }) {}

  joined(nowMicros: number): void {
    this.#absentAtMicros = nowMicros + this.limits.absentAfterMs * 1000;
  }

  /** Media came: the participant is not absent any more, whatever follows. */
  frameKept(receivedAtMicros: number, isVideo: boolean): void {
    this.#absentAtMicros = NEVER;
    this.#saveBeginningAtMicros ??= receivedAtMicros + BEGINNING_WITHOUT_PICTURE_MICROS;
    if (isVideo && this.#saveBeginningAtMicros !== NEVER) {
      this.#saveBeginningAtMicros = Math.min(this.#saveBeginningAtMicros, receivedAtMicros + BEGINNING_MICROS);
    }
  }

  participantPresent(): void {
    this.#awayUntilMicros = NEVER;
  }

  participantGone(nowMicros: number): void {
    this.#awayUntilMicros = nowMicros + this.limits.reconnectWindowMs * 1000;
  }

  /** It left, and is waited for. */
  get isParticipantAway(): boolean {
    return this.#awayUntilMicros !== NEVER;
  }

  /** True once: the first segment is to be closed now, short as it is. */
  beginningIsDue(nowMicros: number): boolean {
    if (nowMicros < (this.#saveBeginningAtMicros ?? NEVER)) return false;
    this.#saveBeginningAtMicros = NEVER;
    return true;
  }

  /** What is over now, if anything is. */
  passed(nowMicros: number): 'absent' | 'participant-left' | undefined {
    if (nowMicros >= this.#absentAtMicros) return 'absent';
    if (nowMicros >= this.#awayUntilMicros) return 'participant-left';
    return undefined;
  }
}
