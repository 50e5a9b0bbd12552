/**
 * What the tracks of one recording share about time: where presentation time 0 lies on the recorder's monotonic clock
 * and on the publisher's NTP clock. Each track keeps its own relation from RTP to these (`track-clock.ts`).
 */
export class PublisherClock {
  /** Monotonic clock of presentation 0: the arrival of the first kept frame. */
  arrivalZeroMicros: number | undefined;
  /** Publisher's NTP at presentation 0, as Unix microseconds; known from the first sender report of any track on. */
  ntpZeroMicros: number | undefined;
  /**
   * How long after its presentation a frame arrives at best, as tracks with sender reports see it. Starts at 0, as the
   * first frame defines it; follows the drift between the publisher's clock and ours, so that a track added after an
   * hour is placed right before its first sender report.
   */
  lagMicros = 0;

  /** The participant left; whoever comes back may be another device with another clock. */
  forgetNtp(): void {
    this.ntpZeroMicros = undefined;
  }
}
