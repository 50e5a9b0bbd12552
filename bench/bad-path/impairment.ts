/**
 * What a bad path does to packets: loss, random or in bursts, delay that varies, reordering, duplication. A plan for each
 * packet; sending at the planned time is the caller's.
 */

export interface Impairment {
  /** Share of packets lost, in percent. */
  lossPercent?: number;
  /** Packets lost in a row, on average; 1: each by itself. */
  burstPackets?: number;
  /** Each packet is late by 0 to this, evenly spread. */
  jitterMs?: number;
  /** False: a late packet holds up those behind it, as a queue does. */
  reorders?: boolean;
  /** Share of packets that come twice, in percent. */
  duplicatePercent?: number;
}

export class ImpairedPath {
  lost = 0;
  passed = 0;
  readonly #impairment: Required<Impairment>;
  readonly #random: () => number;
  #isLosing = false;
  #lastDueMs = 0;

  constructor(impairment: Impairment, random: () => number) {
    this.#impairment = {
      lossPercent: 0,
      burstPackets: 1,
      jitterMs: 0,
      reorders: false,
      duplicatePercent: 0,
      ...impairment,
    };
    this.#random = random;
  }

  /** When the packet arrives, once for each time it does; empty: it is lost. */
  plan(nowMs: number): number[] {
    if (this.#loses()) {
      this.lost += 1;
      return [];
    }
    this.passed += 1;
    const copies = this.#random() * 100 < this.#impairment.duplicatePercent ? 2 : 1;
    return Array.from({ length: copies }, () => this.#dueMs(nowMs));
  }

  /** Gilbert's model: in the bad state everything is lost; how long one stays there makes the bursts. */
  #loses(): boolean {
    const { lossPercent, burstPackets } = this.#impairment;
    const share = lossPercent / 100;
    if (burstPackets <= 1) return this.#random() < share;
    const leaveChance = 1 / burstPackets;
    const enterChance = share >= 1 ? 1 : (share * leaveChance) / (1 - share);
    this.#isLosing = this.#random() < (this.#isLosing ? 1 - leaveChance : enterChance);
    return this.#isLosing;
  }

  #dueMs(nowMs: number): number {
    const dueMs = nowMs + this.#random() * this.#impairment.jitterMs;
    if (this.#impairment.reorders) return dueMs;
    this.#lastDueMs = Math.max(this.#lastDueMs, dueMs);
    return this.#lastDueMs;
  }
}

/** Mulberry32: the same numbers every time, so that a bad run can be run again. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
