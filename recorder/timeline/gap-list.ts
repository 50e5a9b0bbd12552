import type { Gap } from '../contract/media.ts';

/** A gap takes about 100 bytes of every report: a list that grows for ever would cost more than what it tells. */
const LISTED_MAXIMUM = 1000;

/**
 * The gaps of a recording, in the order they ended. Bounded: what does not fit is counted in `unlisted`, and silences
 * give way to gaps that lost something.
 */
export class GapList {
  readonly #gaps: Gap[] = [];
  unlisted = 0;

  add(gap: Gap): void {
    if (this.#gaps.length >= LISTED_MAXIMUM) {
      this.unlisted += 1;
      const silence = gap.reason === 'silence' ? -1 : this.#gaps.findIndex((listed) => listed.reason === 'silence');
      if (silence < 0) return;
      this.#gaps.splice(silence, 1);
    }
    this.#gaps.push(gap);
  }

  get all(): readonly Gap[] {
    return this.#gaps;
  }
}
