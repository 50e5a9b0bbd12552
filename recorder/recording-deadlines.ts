/** How long a recording waits for its participant. Times are of the monotonic clock, in microseconds. */
export class RecordingDeadlines {
  #absentAtMicros = Number.POSITIVE_INFINITY;
  #awayUntilMicros = Number.POSITIVE_INFINITY;

  constructor(private readonly limits: { absentAfterMs: number; reconnectWindowMs: number }) {}

  joined(nowMicros: number): void {
    this.#absentAtMicros = nowMicros + this.limits.absentAfterMs * 1000;
  }

  /** Something came: the participant is not absent any more, whatever follows. */
  mediaCame(): void {
    this.#absentAtMicros = Number.POSITIVE_INFINITY;
  }

  participantPresent(): void {
    this.#awayUntilMicros = Number.POSITIVE_INFINITY;
  }

  participantGone(nowMicros: number): void {
    this.#awayUntilMicros = nowMicros + this.limits.reconnectWindowMs * 1000;
  }

  /** It left, and is waited for. */
  get isParticipantAway(): boolean {
    return this.#awayUntilMicros !== Number.POSITIVE_INFINITY;
  }

  /** What is over now, if anything is. */
  passed(nowMicros: number): 'absent' | 'participant-left' | undefined {
    if (nowMicros >= this.#absentAtMicros) return 'absent';
    if (nowMicros >= this.#awayUntilMicros) return 'participant-left';
    return undefined;
  }
}
