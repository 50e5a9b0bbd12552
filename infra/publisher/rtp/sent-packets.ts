/** The newest packets of a stream, for those that are asked for again. */
export class SentPackets {
  readonly #packets: (Buffer | undefined)[];

  /** @param capacity a power of two; 1024 packets are about 4 s of 2 Mbps. */
  constructor(capacity = 1024) {
    this.#packets = new Array<Buffer | undefined>(capacity);
  }

  add(packet: Buffer): void {
    this.#packets[packet.readUInt16BE(2) & (this.#packets.length - 1)] = packet;
  }

  /** Undefined when it is too long ago, or was never sent. */
  get(sequenceNumber: number): Buffer | undefined {
    const packet = this.#packets[sequenceNumber & (this.#packets.length - 1)];
    return packet?.readUInt16BE(2) === sequenceNumber ? packet : undefined;
  }
}
