import type { AttemptSnapshot } from '../report/reported-attempt.ts';

/** What a screen reader or a log file can bear of a line that changes every second. */
const plainEveryTicks = 10;

/** Says on stderr how a recording stands: one line that is rewritten on a terminal, a new one now and then elsewhere. */
export class ProgressLine {
  readonly #stream: { write(text: string): unknown; isTTY?: boolean };
  readonly #whom: string;
  #lastState = '';
  #tick = 0;

  /** @param whom what is waited for or recorded, already safe to show on a terminal. */
  constructor(stream: { write(text: string): unknown; isTTY?: boolean }, whom: string) {
    this.#stream = stream;
    this.#whom = whom;
  }

  /** To be called about once a second, and when the state changed. */
  show(snapshot: AttemptSnapshot): void {
    const text = describe(snapshot, this.#whom);
    // On the last step the state changes once more, the words do not.
    const state = snapshot.state === 'ended' ? 'finalising' : snapshot.state;
    const isNews = state !== this.#lastState;
    this.#lastState = state;
    this.#tick = isNews ? 0 : this.#tick + 1;
    if (this.#stream.isTTY) this.#stream.write(`\r\x1b[2K${text}`);
    else if (isNews || this.#tick % plainEveryTicks === 0) this.#stream.write(`${text}\n`);
  }

  /** A line that stays. */
  say(sentence: string): void {
    this.#stream.write(`${this.#stream.isTTY ? '\r\x1b[2K' : ''}${sentence}\n`);
  }
}

function describe({ state, stats }: AttemptSnapshot, whom: string): string {
  switch (state) {
    case 'starting':
      return 'Joining the room …';
    case 'waiting':
      return `Waiting for ${whom} …`;
    case 'finalising':
    case 'ended':
      return 'Finishing the file …';
    case 'recording':
    case 'paused': {
      const figures = [
        clockTime(stats.durationMs),
        megabytes(stats.sizeBytes),
        `${(stats.bitrateBps / 1e6).toFixed(2)} Mbps`,
        `${stats.framesPerSecond.toFixed(0)} fps`,
        `${stats.packetsLost} lost`,
      ];
      const trouble = stats.uploadTrouble ? `  ! ${stats.uploadTrouble.message}` : '';
      return `${state === 'paused' ? 'Paused' : 'Recording'}  ${figures.join('  ')}${trouble}`;
    }
  }
}

/** Two digits that say something, from the first kilobytes on. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1)} MB`;
}

function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
