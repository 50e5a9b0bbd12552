import { sayBytes, type Terminal } from './terminal.ts';

const WIDTH = 28;
const EVERY_MS = 100;
/** Where a line cannot be rewritten, a new one comes with each tenth. */
const PLAIN_STEPS = 10;

/** On stderr, so that stdout stays what was asked for. */
export class ProgressBar {
  readonly #stream: Terminal['stderr'];
  readonly #name: string;
  readonly #now: () => number;
  readonly #fromMs: number;
  #shownMs = Number.NEGATIVE_INFINITY;
  #shownStep = -1;
  #fromBytes: number | undefined;

  constructor(stream: Terminal['stderr'], name: string, now = () => performance.now()) {
    this.#stream = stream;
    this.#name = name;
    this.#now = now;
    this.#fromMs = now();
  }

  show(doneBytes: number, totalBytes: number): void {
    this.#fromBytes ??= doneBytes;
    const nowMs = this.#now();
    const isEnd = doneBytes >= totalBytes;
    const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
    const step = Math.floor(share * PLAIN_STEPS);
    if (this.#stream.isTTY ? nowMs - this.#shownMs < EVERY_MS && !isEnd : step === this.#shownStep) return;
    this.#shownMs = nowMs;
    this.#shownStep = step;
    const text = this.#line(doneBytes, totalBytes, share, nowMs);
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[2K${text}${isEnd ? '\n' : ''}` : `${text}\n`);
  }

  #line(doneBytes: number, totalBytes: number, share: number, nowMs: number): string {
    const filled = Math.round(share * WIDTH);
    const seconds = Math.max(0.001, (nowMs - this.#fromMs) / 1000);
    const rate = sayBytes((doneBytes - (this.#fromBytes ?? 0)) / seconds);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
    const percent = String(Math.floor(share * 100)).padStart(3);
    return `${this.#name}  ${bar} ${percent} %  ${sayBytes(doneBytes)} of ${sayBytes(totalBytes)}  ${rate}/s`;
  }
}
