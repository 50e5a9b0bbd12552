/**
 * Packets in any order, with holes and duplicates → packets in order.
 *
 * A packet that is next passes at once and is never stored. Behind a hole packets wait until the missing ones come or
 * the deadline passes; then they go on, and the first of them is marked `afterGap`. Memory is bounded by `capacity`
 * packets, whatever arrives: what does not fit pushes the oldest hole out.
 *
 * A stream begins with a packet that `isBeginning` (the start of a keyframe). If the first one to arrive is not,
 * those before it may have been lost or overtaken: they are asked for, and delivery waits a little for them.
 *
 * A sequence number far from all others is a stray one unless the next follows it: then the sender began anew
 * (RFC 3550 appendix A.1), and so does the order.
 *
 * Not delivered: duplicates, packets that come after they were given up, strays.
 */
import { MissingPackets } from './missing-packets.ts';
import type { RtpPacket } from './rtp-packet.ts';
import { SequenceExtender, sequenceDistance } from './sequence-number.ts';

/**
 * How long a missing packet is waited for. LiveKit answers three requests for a packet and keeps about a second of sent
 * ones: what did not come by then will not. Longer would only keep frames from the disk, and of those in memory a crash
 * takes all. On a path longer than a fifth of a second three requests and their answers take more.
 */
export const REPAIR_DEADLINE_MICROS = 1_000_000;
const REPAIR_ROUND_TRIPS = 5;
/** How long the beginning of the first keyframe is waited for: nothing is kept of what comes before one. */
const BEGINNING_DEADLINE_MICROS = 500_000;
const LONGEST_ROUND_TRIP_MICROS = 600_000;
/** How many packets before the first one are asked for: numbers never sent cost nothing. */
const BEGINNING_LOOKBACK = 16;

export interface JitterBufferOutput {
  packet(packet: RtpPacket, afterGap: boolean): void;
  /** That many will never come. */
  lost(count: number): void;
}

/** `refused`: a duplicate, too late, or a stray. `repaired`: it had been asked for. */
export type Insertion = 'accepted' | 'repaired' | 'refused';

export interface JitterBufferOptions {
  /** A power of two: packets of the deadline at the highest rate expected. */
  capacity: number;
  output: JitterBufferOutput;
  /** Whether the stream can begin here; unset: anywhere. */
  isBeginning?: (packet: RtpPacket) => boolean;
}

export class JitterBuffer {
  readonly missing = new MissingPackets();
  readonly #slots: (RtpPacket | undefined)[];
  readonly #capacity: number;
  readonly #output: JitterBufferOutput;
  readonly #isBeginning: ((packet: RtpPacket) => boolean) | undefined;
  readonly #extender = new SequenceExtender();
  #phase: 'empty' | 'beginning' | 'running' = 'empty';
  #beganMicros = 0;
  /** The sequence number to deliver next. Everything from it to `#highest` is in a slot or missing. */
  #next = 0;
  #highest = 0;
  #afterGap = false;
  #stray: RtpPacket | undefined;
  #isEnding = false;

  constructor(options: JitterBufferOptions) {
    if ((options.capacity & (options.capacity - 1)) !== 0) throw new Error('The capacity must be a power of two.');
    this.#capacity = options.capacity;
    this.#slots = new Array(options.capacity).fill(undefined);
    this.#output = options.output;
    this.#isBeginning = options.isBeginning;
  }

  /** @param isOriginal as it was sent first, not repaired */
  insert(packet: RtpPacket, isOriginal = true): Insertion {
    if (this.#phase === 'empty') {
      if (this.#isEnding) return 'refused';
      this.#begin(packet);
      return 'accepted';
    }
    const distance = sequenceDistance(packet.sequenceNumber, this.#highest & 0xffff);
    if (this.#isEnding && distance > 0) return 'refused';
    if (distance >= this.#capacity || distance <= -this.#capacity) return this.#handleStray(packet);

    const sequence = this.#extender.extend(packet.sequenceNumber);
    if (sequence === this.#next && this.#next > this.#highest) {
      // The common case: in order, and nothing waits.
      this.#highest = sequence;
      this.#next = sequence + 1;
      this.#deliver(packet);
      return 'accepted';
    }
    let insertion: Insertion = 'accepted';
    if (sequence > this.#highest) {
      this.#makeRoomFor(sequence);
      if (sequence > this.#highest + 1) {
        this.missing.addRange(this.#highest + 1, sequence - 1, packet.receivedAtMicros);
      }
      this.#highest = sequence;
    } else {
      const missed = this.missing.remove(sequence, packet.receivedAtMicros, isOriginal);
      if (!missed) return 'refused';
      if (missed.asked) {
        insertion = 'repaired';
        if (!isOriginal) packet.isRepaired = true;
      }
    }
    this.#slots[sequence & (this.#capacity - 1)] = packet;
    if (this.#phase === 'beginning') {
      if (this.#isBeginning?.(packet)) this.#beginAt(sequence);
    } else {
      this.#deliverReady();
    }
    return insertion;
  }

  /** Whether a packet with this number would be new: it is missing, or after all that came. */
  wants(sequenceNumber: number): boolean {
    if (this.#phase === 'empty') return false;
    const distance = sequenceDistance(sequenceNumber, this.#highest & 0xffff);
    if (distance > 0) return distance < this.#capacity && !this.#isEnding;
    return this.missing.size > 0 && this.missing.has(this.#highest + distance);
  }

  /** Gives up what is over its deadline. */
  tick(nowMicros: number, measuredRoundTripMicros = 0): void {
    const roundTripMicros = Math.min(measuredRoundTripMicros, LONGEST_ROUND_TRIP_MICROS);
    if (this.#phase === 'beginning') {
      const waitMicros = Math.max(BEGINNING_DEADLINE_MICROS, REPAIR_ROUND_TRIPS * roundTripMicros);
      if (nowMicros >= this.#beganMicros + waitMicros) this.#beginAt(this.#lowestHeld());
      return;
    }
    const deadlineMicros = Math.max(REPAIR_DEADLINE_MICROS, REPAIR_ROUND_TRIPS * roundTripMicros);
    for (let first = this.missing.first; first; first = this.missing.first) {
      if (first.detectedAtMicros + deadlineMicros > nowMicros) return;
      this.#giveUpTo(first.sequence + 1);
      this.#deliverReady();
    }
  }

  /** From now on only what is missing is taken. */
  end(): void {
    this.#isEnding = true;
  }

  /** Nothing waits for a packet that is missing. */
  get isWhole(): boolean {
    return this.#phase !== 'running' || this.missing.size === 0;
  }

  /** Delivers all there is: nothing more will come. */
  flush(): void {
    if (this.#phase === 'beginning') this.#beginAt(this.#lowestHeld());
    for (let first = this.missing.first; first; first = this.missing.first) {
      this.#giveUpTo(first.sequence + 1);
      this.#deliverReady();
    }
  }

  #begin(packet: RtpPacket): void {
    const sequence = this.#extender.restart(packet.sequenceNumber);
    this.#highest = sequence;
    if (!this.#isBeginning || this.#isBeginning(packet)) {
      this.#phase = 'running';
      this.#next = sequence + 1;
      this.#deliver(packet);
      return;
    }
    this.#phase = 'beginning';
    this.#next = sequence - BEGINNING_LOOKBACK;
    this.#beganMicros = packet.receivedAtMicros;
    this.missing.addRange(this.#next, sequence - 1, packet.receivedAtMicros);
    this.#slots[sequence & (this.#capacity - 1)] = packet;
  }

  #beginAt(sequence: number): void {
    for (; this.#next < sequence; this.#next += 1) this.#slots[this.#next & (this.#capacity - 1)] = undefined;
    this.missing.removeBelow(sequence);
    this.#phase = 'running';
    this.#deliverReady();
  }

  #lowestHeld(): number {
    let sequence = this.#next;
    while (sequence < this.#highest && !this.#slots[sequence & (this.#capacity - 1)]) sequence += 1;
    return sequence;
  }

  #handleStray(packet: RtpPacket): Insertion {
    const before = this.#stray;
    if (!before || sequenceDistance(packet.sequenceNumber, before.sequenceNumber) !== 1) {
      this.#stray = packet;
      return 'refused';
    }
    this.flush();
    this.#stray = undefined;
    this.#afterGap = true;
    this.#highest = this.#extender.restart(before.sequenceNumber);
    this.#next = this.#highest + 1;
    this.#deliver(before);
    return this.insert(packet);
  }

  #makeRoomFor(sequence: number): void {
    if (sequence - this.#next < this.#capacity) return;
    if (this.#phase === 'beginning') this.#beginAt(this.#lowestHeld());
    while (sequence - this.#next >= this.#capacity && this.missing.first) {
      this.#giveUpTo(this.missing.first.sequence + 1);
      this.#deliverReady();
    }
  }

  #giveUpTo(sequence: number): void {
    const count = this.missing.removeBelow(sequence);
    this.#next = sequence;
    this.#afterGap = true;
    this.#output.lost(count);
  }

  #deliverReady(): void {
    while (this.#next <= this.#highest) {
      const slot = this.#next & (this.#capacity - 1);
      const packet = this.#slots[slot];
      if (!packet) return;
      this.#slots[slot] = undefined;
      this.#next += 1;
      this.#deliver(packet);
    }
  }

  #deliver(packet: RtpPacket): void {
    const afterGap = this.#afterGap;
    this.#afterGap = false;
    this.#output.packet(packet, afterGap);
  }
}
