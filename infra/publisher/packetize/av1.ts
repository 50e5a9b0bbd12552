/**
 * AV1 (AV1 RTP specification section 4): the OBUs of a temporal unit as elements of packets, over packet borders where
 * needed. The aggregation header says whether the first element goes on from the packet before (Z), the last one goes on
 * in the next (Y), how many elements there are (W, the last of which has no length; 0: more than three, all have one),
 * and that a coded video sequence begins (N).
 */
import type { ClipFrame } from '../clip/clip.ts';
import { dependencyDescriptor } from './dependency-descriptor.ts';
import { MOST_PAYLOAD_BYTES, type Packetizer, type RtpPayload } from './packetizer.ts';

const CONTINUES_PREVIOUS = 0x80;
const CONTINUED_IN_NEXT = 0x40;
const NEW_SEQUENCE = 0x08;
/** Elements are shorter than 2^14 here. */
const MOST_LENGTH_BYTES = 2;
const MOST_COUNTED_ELEMENTS = 3;

export interface Av1PacketizerOptions {
  width: number;
  height: number;
}

interface Pending {
  elements: Uint8Array[];
  bytes: number;
  continuesPrevious: boolean;
}

export class Av1Packetizer implements Packetizer {
  #width: number;
  #height: number;
  #frameNumber = 0;

  constructor({ width, height }: Av1PacketizerOptions) {
    this.#width = width;
    this.#height = height;
  }

  resize(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
  }

  packetize(frame: ClipFrame): RtpPayload[] {
    const packets = packElements(frame.units);
    const payloads = packets.map(({ elements, continuesPrevious }, index) => ({
      parts: writePacket(elements, {
        continuesPrevious,
        continuedInNext: packets[index + 1]?.continuesPrevious ?? false,
        newSequence: frame.isKeyframe && index === 0,
      }),
      dependencyDescriptor: dependencyDescriptor({
        isKeyframe: frame.isKeyframe,
        isFirst: index === 0,
        isLast: index === packets.length - 1,
        frameNumber: this.#frameNumber,
        width: this.#width,
        height: this.#height,
      }),
    }));
    this.#frameNumber = (this.#frameNumber + 1) & 0xffff;
    return payloads;
  }
}

function packElements(obus: readonly Uint8Array[]): Pending[] {
  const packets: Pending[] = [];
  let packet: Pending = { elements: [], bytes: 1, continuesPrevious: false };
  const start = (continuesPrevious: boolean) => {
    packets.push(packet);
    packet = { elements: [], bytes: 1, continuesPrevious };
  };
  for (const obu of obus) {
    let rest = obu;
    while (rest.length > 0) {
      const room = MOST_PAYLOAD_BYTES - packet.bytes - MOST_LENGTH_BYTES;
      if (room < 1) {
        start(rest !== obu);
        continue;
      }
      const element = rest.subarray(0, room);
      packet.elements.push(element);
      packet.bytes += MOST_LENGTH_BYTES + element.length;
      rest = rest.subarray(element.length);
      if (rest.length > 0) start(true);
    }
  }
  if (packet.elements.length > 0) packets.push(packet);
  return packets;
}

function writePacket(
  elements: readonly Uint8Array[],
  flags: { continuesPrevious: boolean; continuedInNext: boolean; newSequence: boolean },
): Uint8Array[] {
  const count = elements.length <= MOST_COUNTED_ELEMENTS ? elements.length : 0;
  const header =
    (flags.continuesPrevious ? CONTINUES_PREVIOUS : 0) |
    (flags.continuedInNext ? CONTINUED_IN_NEXT : 0) |
    (count << 4) |
    (flags.newSequence ? NEW_SEQUENCE : 0);
  const parts: Uint8Array[] = [Uint8Array.of(header)];
  elements.forEach((element, index) => {
    if (count === 0 || index < elements.length - 1) parts.push(leb128(element.length));
    parts.push(element);
  });
  return parts;
}

function leb128(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
