/**
 * A bad path for tests: a UDP relay between a receiver and a server that loses, doubles, delays and so reorders what
 * the server sends. Losses are where they are in the world, before decryption, so that repair is tried whole: a packet
 * dropped after SRTP could not come again with its own number.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { CandidateLink } from './peer-transport.ts';

export interface Faults {
  /**
   * Share of media packets, 0 to 0.1. After a lost one the next of its stream pass: LiveKit sends a packet again three times at
   * most, and when chance took all of them no receiver could be blamed.
   */
  loss?: number;
  duplication?: number;
  /** Each media packet is late by a random time up to this. */
  jitterMs?: number;
}

const PASS_AFTER_LOSS = 9;
/** A server has a few candidates, of which not all lead to it: each gets a lane. */
const LANES = 8;

interface Lane {
  front: Socket;
  back: Socket;
  server?: { address: string; port: number };
  client?: RemoteInfo;
}

export class FaultyLink implements CandidateLink {
  readonly lost = { packets: 0 };
  readonly #lanes: readonly Lane[];
  readonly #faults: Faults;
  /** By SSRC: packets that pass before the next can be lost. */
  readonly #passing = new Map<number, number>();
  #random = 1;
  #closed = false;

  private constructor(lanes: readonly Lane[], faults: Faults) {
    this.#lanes = lanes;
    this.#faults = faults;
    for (const lane of lanes) {
      lane.front.on('message', (packet, from) => {
        lane.client = from;
        if (lane.server) lane.back.send(packet, lane.server.port, lane.server.address);
      });
      lane.back.on('message', (packet) => this.#toClient(lane, packet));
    }
  }

  static async open(faults: Faults): Promise<FaultyLink> {
    const lanes: Lane[] = [];
    for (let index = 0; index < LANES; index += 1) {
      const lane = { front: createSocket('udp4'), back: createSocket('udp4') };
      for (const socket of [lane.front, lane.back]) {
        socket.bind(0, '127.0.0.1');
        await once(socket, 'listening');
      }
      lanes.push(lane);
    }
    return new FaultyLink(lanes, faults);
  }

  /** The server is where the link is. */
  mapServerCandidate(candidate: string): string {
    const parts = candidate.split(' ');
    const [address, port] = [parts[4], Number(parts[5])];
    const lane = this.#lanes.find(
      (each) => !each.server || (each.server.address === address && each.server.port === port),
    );
    if (!address || !port || !lane || !/^127\./.test(address)) return '';
    lane.server = { address, port };
    parts[4] = '127.0.0.1';
    parts[5] = String(lane.front.address().port);
    return parts.join(' ');
  }

  close(): void {
    this.#closed = true;
    for (const { front, back } of this.#lanes) {
      front.close();
      back.close();
    }
  }

  #toClient(lane: Lane, packet: Buffer): void {
    const second = packet[1] ?? 0;
    const isMedia = packet.length >= 12 && (packet[0] ?? 0) >> 6 === 2 && (second < 192 || second > 223);
    if (!isMedia) {
      this.#send(lane, packet);
      return;
    }
    const { duplication = 0, jitterMs = 0 } = this.#faults;
    if (this.#loses(packet)) {
      this.lost.packets += 1;
      return;
    }
    const copies = this.#chance() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (jitterMs > 0) setTimeout(() => this.#send(lane, packet), this.#chance() * jitterMs);
      else this.#send(lane, packet);
    }
  }

  #loses(packet: Buffer): boolean {
    const { loss = 0 } = this.#faults;
    const ssrc = packet.readUInt32BE(8);
    const passing = this.#passing.get(ssrc) ?? 0;
    if (passing > 0) {
      this.#passing.set(ssrc, passing - 1);
      return false;
    }
    if (this.#chance() >= loss / (1 - PASS_AFTER_LOSS * loss)) return false;
    this.#passing.set(ssrc, PASS_AFTER_LOSS);
    return true;
  }

  #send({ front, client }: Lane, packet: Buffer): void {
    if (client && !this.#closed) front.send(packet, client.port, client.address);
  }

  /** The same story every time (Lehmer's generator). */
  #chance(): number {
    this.#random = (this.#random * 48_271) % 2_147_483_647;
    return this.#random / 2_147_483_647;
  }
}
