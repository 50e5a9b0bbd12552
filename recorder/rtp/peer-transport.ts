/**
 * The subscriber's peer connection: ICE, DTLS and SRTP by libdatachannel, raw RTP and RTCP to and from us.
 *
 * The server offers, we answer. libdatachannel cannot restart ICE: an offer that asks for it is an error, and the owner
 * makes a new transport in a new session.
 */
import type { ICEServer } from '@livekit/protocol';
import nodeDataChannel, { type DataChannel, type IceServer, type PeerConnection, type Track } from 'node-datachannel';
import { writeSubscriberAnswer } from './subscriber-answer.ts';

export type TransportState = 'connected' | 'lost';

export interface PeerTransportEvents {
  /** To be sent to the server. */
  answer(sdp: string): void;
  candidate(candidate: string, mid: string): void;
  /** RTP or RTCP, decrypted. The bytes are the receiver's. */
  packet(bytes: Buffer): void;
  stateChanged(state: TransportState): void;
}

/** A relay that all packets shall take; a candidate becomes '' when it leads nowhere. Our own candidates are then kept from the server: it would find a way around. */
export interface CandidateLink {
  mapServerCandidate(candidate: string): string;
}

export interface PeerTransportOptions {
  iceServers: readonly ICEServer[];
  relayOnly: boolean;
  /** Between the peers: for tests of bad paths. */
  link?: CandidateLink;
  events: PeerTransportEvents;
}

const MOST_WAITING_CANDIDATES = 64;
/**
 * Our checks begin this much after our answer. One that overtakes the answer and our candidates makes us a peer-reflexive
 * candidate at the server, which then waits a second for a better one: every third connection began 650 ms later.
 */
const CHECKS_AFTER_ANSWER_MS = 50;

export class PeerTransport {
  readonly #connection: PeerConnection;
  readonly #events: PeerTransportEvents;
  /** By mid. The library forgets what nobody holds. */
  readonly #tracks = new Map<string, Track>();
  readonly #channels: DataChannel[] = [];
  /** The server's candidates, until we may check them. */
  #waitingCandidates: { candidate: string; mid: string }[] | undefined = [];
  #checksTimer: NodeJS.Timeout | undefined;
  /** The first one. */
  #ownCandidate: { candidate: string; mid: string } | undefined;
  #serverIsHere = false;
  #loopbackAnnounced = false;
  readonly #link: CandidateLink | undefined;
  #offer = '';
  #closed = false;

  constructor(options: PeerTransportOptions) {
    const { events } = options;
    this.#events = events;
    this.#link = options.link;
    this.#connection = new nodeDataChannel.PeerConnection('subscriber', {
      iceServers: options.iceServers.flatMap(toLibraryServers),
      iceTransportPolicy: options.relayOnly ? 'relay' : 'all',
      // Media added after an offer with nothing but data channels would have no transport otherwise.
      forceMediaTransport: true,
      // Spins a core.
      enableIceTcp: false,
    });
    this.#connection.onLocalDescription((sdp, type) => {
      if (type !== 'answer' || this.#closed) return;
      events.answer(writeSubscriberAnswer(this.#offer, sdp));
      this.#checksTimer ??= setTimeout(() => this.#beginChecks(), CHECKS_AFTER_ANSWER_MS);
    });
    this.#connection.onLocalCandidate((candidate, mid) => {
      if (this.#closed || this.#link) return;
      // It comes as an SDP line; LiveKit wants the value.
      const own = { candidate: candidate.replace(/^a=/, ''), mid };
      events.candidate(own.candidate, mid);
      this.#ownCandidate ??= own;
      this.#announceLoopback();
    });
    this.#connection.onStateChange((state) => {
      if (this.#closed) return;
      if (state === 'connected') events.stateChanged('connected');
      else if (state === 'failed' || state === 'disconnected' || state === 'closed') events.stateChanged('lost');
    });
    this.#connection.onTrack((track) => this.#addTrack(track));
    // Data of the room is not recorded, but must be read or it fills the queue.
    this.#connection.onDataChannel((channel) => {
      channel.onMessage(() => undefined);
      channel.onClosed(() => undefined);
      this.#channels.push(channel);
    });
  }

  /** @throws when the library refuses it, for one because it restarts ICE. */
  handleOffer(sdp: string): void {
    this.#offer = sdp;
    this.#connection.setRemoteDescription(this.#throughLink(sdp), 'offer');
  }

  handleCandidate(offered: string, mid: string): void {
    const candidate = this.#link?.mapServerCandidate(offered) ?? offered;
    // TCP cannot be used.
    if (this.#closed || candidate === '' || / tcp /i.test(candidate)) return;
    this.#serverIsHere ||= / 127\.[\d.]+ \d+ typ host/.test(candidate);
    this.#announceLoopback();
    if (!this.#waitingCandidates) this.#connection.addRemoteCandidate(candidate, mid);
    else if (this.#waitingCandidates.length < MOST_WAITING_CANDIDATES) this.#waitingCandidates.push({ candidate, mid });
  }

  /** Sends RTCP. Silently does nothing while there is no open track: there is nobody to tell. */
  send(rtcp: Buffer): void {
    if (this.#closed) return;
    for (const track of this.#tracks.values()) {
      if (!track.isOpen()) continue;
      track.sendMessageBinary(rtcp);
      return;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#checksTimer);
    // Each by itself, and each with its `onClosed`: what the library still holds keeps the process from ending.
    for (const track of this.#tracks.values()) track.close();
    for (const channel of this.#channels) channel.close();
    this.#connection.close();
  }

  /**
   * The library keeps the loopback address to itself. To a server on this machine what comes from there would be a peer-reflexive
   * candidate, and every connection began a second late.
   */
  #announceLoopback(): void {
    if (!this.#serverIsHere || !this.#ownCandidate || this.#loopbackAnnounced || this.#link) return;
    this.#loopbackAnnounced = true;
    const { candidate, mid } = this.#ownCandidate;
    const onLoopback = candidate.replace(/^candidate:\S+( \d+ udp \d+ )\S+/i, 'candidate:127$1127.0.0.1');
    this.#events.candidate(onLoopback, mid);
  }

  #beginChecks(): void {
    const waiting = this.#waitingCandidates ?? [];
    this.#waitingCandidates = undefined;
    for (const { candidate, mid } of waiting) this.#connection.addRemoteCandidate(candidate, mid);
  }

  #throughLink(sdp: string): string {
    const link = this.#link;
    if (!link) return sdp;
    return sdp.replace(/^a=(candidate:.*?)\r?\n/gm, (_line, offered: string) => {
      const candidate = link.mapServerCandidate(offered);
      return candidate === '' ? '' : `a=${candidate}\r\n`;
    });
  }

  #addTrack(track: Track): void {
    this.#tracks.set(track.mid(), track);
    track.onClosed(() => undefined);
    track.onMessage((bytes) => {
      if (!this.#closed) this.#events.packet(bytes);
    });
  }
}

/** stun:host:port, turn:host:port?transport=udp. TURN over TCP and TLS is not built into the library's ICE. */
function toLibraryServers(server: ICEServer): IceServer[] {
  return server.urls.flatMap((url) => {
    const [, scheme, hostname, port, transport] =
      /^(stun|turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(\w+))?$/i.exec(url) ?? [];
    if (!scheme || !hostname || scheme.toLowerCase() === 'turns' || transport === 'tcp') return [];
    const base = { hostname, port: Number(port ?? 3478) };
    if (scheme.toLowerCase() === 'stun') return [base];
    return [{ ...base, username: server.username, password: server.credential, relayType: 'TurnUdp' as const }];
  });
}
