/** What a recording waits for, and how long. Times are of the monotonic clock, in microseconds. */

/** For the sound of a picture that came first. With both there nothing is waited for: what was captured should be safe soon. */
const BEGINNING_WITHOUT_SOUND_MICROS = 100_000;
/** Camera and microphone are published together; the picture is the later one. */
const BEGINNING_WITHOUT_PICTURE_MICROS = 500_000;

const NEVER = Number.POSITIVE_INFINITY;

export class RecordingDeadlines {
  #absentAtMicros = NEVER;
  #awayUntilMicros = NEVER;
  /** NEVER once it was saved. */
  #saveBeginningAtMicros: number | undefined;
  #firstIsVideo: boolean | undefined;

  constructor(private readonly limits: { absentAfterMs: number; reconnectWindowMs: number }) {}

  joined(nowMicros: number): void {
    this.#absentAtMicros = nowMicros + this.limits.absentAfterMs * 1000;
  }

  /** Media came: the participant is not absent any more, whatever follows. */
  frameKept(receivedAtMicros: number, isVideo: boolean): void {
    this.#absentAtMicros = NEVER;
    if (this.#saveBeginningAtMicros === NEVER) return;
    const isFirst = this.#firstIsVideo === undefined;
    this.#firstIsVideo ??= isVideo;
    if (isFirst) {
      const waitMicros = isVideo ? BEGINNING_WITHOUT_SOUND_MICROS : BEGINNING_WITHOUT_PICTURE_MICROS;
      this.#saveBeginningAtMicros = receivedAtMicros + waitMicros;
    } else if (isVideo !== this.#firstIsVideo) {
      this.#saveBeginningAtMicros = Math.min(this.#saveBeginningAtMicros ?? NEVER, receivedAtMicros);
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
