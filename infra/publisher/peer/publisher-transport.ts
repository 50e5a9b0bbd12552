/**
 * The publisher's peer connection: we offer, the server answers. ICE, DTLS and SRTP by libdatachannel; RTP and RTCP are
 * ours, byte by byte. One negotiation at a time.
 */
import nodeDataChannel, { type PeerConnection, type Track } from 'node-datachannel';
import type { OfferedMedia } from './offered-media.ts';
import { offeredAudioFormats, offeredVideoFormats, RED_PAYLOAD_TYPE, sdpFormats } from './payload-types.ts';
import { writePublisherOffer } from './write-publisher-offer.ts';

export interface PublisherTransportOptions {
  /** To be sent to the server, which answers each with `handleAnswer`. */
  sendOffer(sdp: string): void;
  sendCandidate(candidate: string, mid: string): void;
  /** RTCP from the server, for this m-line among others. */
  onRtcp(bytes: Buffer): void;
}

interface Candidate {
  candidate: string;
  mid: string;
}

/** ICE and DTLS on one machine take 0.2 s. */
const CONNECT_WITHIN_MS = 15_000;
const CLOCK_RATE = 90_000;

export class PublisherTransport {
  readonly #connection: PeerConnection;
  readonly #options: PublisherTransportOptions;
  readonly #tracks = new Map<string, Track>();
  readonly #offered = new Map<string, OfferedMedia>();
  #connected: Promise<void> | undefined;
  /**
   * Candidates of both sides, until the first answer is applied. The library hands an answer to ICE before it keeps the
   * fingerprint in it: a server that knows us already is through with ICE at once, and its certificate is refused.
   */
  #waitingCandidates: Candidate[] | undefined = [];
  #ownCandidates: Candidate[] | undefined = [];
  #negotiation: Promise<void> = Promise.resolve();
  #answered: ((sdp: string) => void) | undefined;
  #closed = false;

  constructor(options: PublisherTransportOptions) {
    this.#options = options;
    this.#connection = new nodeDataChannel.PeerConnection('publisher', {
      // The server is on this machine or beside it: nobody outside has to be asked for our address.
      iceServers: [],
      disableAutoNegotiation: true,
      forceMediaTransport: true,
      enableIceTcp: false,
    });
    this.#connection.onLocalDescription((sdp, type) => {
      if (type === 'offer' && !this.#closed) options.sendOffer(writePublisherOffer(sdp, [...this.#offered.values()]));
    });
    this.#connection.onLocalCandidate((candidate, mid) => {
      if (this.#ownCandidates) this.#ownCandidates.push({ candidate, mid });
      else this.#sendCandidate(candidate, mid);
    });
  }

  /** Resolves when the server takes media of these m-lines. */
  async offer(added: readonly OfferedMedia[], removed: readonly string[] = []): Promise<void> {
    const turn = this.#negotiation.then(async () => {
      for (const media of added) this.#add(media);
      for (const mid of removed) this.#remove(mid);
      const answer = new Promise<string>((resolve) => {
        this.#answered = resolve;
      });
      this.#connection.setLocalDescription('offer');
      this.#connection.setRemoteDescription(await answer, 'answer');
      this.#exchangeCandidates();
    });
    this.#negotiation = turn.catch(() => undefined);
    this.#connected ??= this.#connect();
    await Promise.all([turn, this.#connected]);
  }

  handleAnswer(sdp: string): void {
    this.#answered?.(sdp);
    this.#answered = undefined;
  }

  handleCandidate(candidate: string, mid: string): void {
    if (this.#closed || candidate === '' || / tcp /i.test(candidate)) return;
    if (this.#waitingCandidates) this.#waitingCandidates.push({ candidate, mid });
    else this.#connection.addRemoteCandidate(candidate, mid);
  }

  /** RTP or RTCP. */
  send(mid: string, packet: Buffer): void {
    const track = this.#tracks.get(mid);
    if (track?.isOpen()) track.sendMessageBinary(packet);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#tracks.clear();
    this.#connection.close();
  }

  #exchangeCandidates(): void {
    for (const { candidate, mid } of this.#waitingCandidates ?? []) this.#connection.addRemoteCandidate(candidate, mid);
    this.#waitingCandidates = undefined;
    const own = this.#ownCandidates ?? [];
    this.#ownCandidates = undefined;
    for (const { candidate, mid } of own) this.#sendCandidate(candidate, mid);
  }

  #sendCandidate(candidate: string, mid: string): void {
    // It comes as an SDP line; LiveKit wants the value.
    if (!this.#closed) this.#options.sendCandidate(candidate.replace(/^a=/, ''), mid);
  }

  #connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('No media path to LiveKit in time.')), CONNECT_WITHIN_MS);
      this.#connection.onStateChange((state) => {
        if (state === 'connected') resolve();
        else if (state === 'failed' || state === 'closed') reject(new Error(`The media path to LiveKit ${state}.`));
        else return;
        clearTimeout(timer);
      });
    });
  }

  #add(media: OfferedMedia): void {
    const track = this.#connection.addTrack(media.kind === 'video' ? videoOf(media) : audioOf(media));
    track.onMessage((bytes) => {
      if (!this.#closed) this.#options.onRtcp(bytes);
    });
    this.#tracks.set(media.mid, track);
    this.#offered.set(media.mid, media);
  }

  #remove(mid: string): void {
    this.#tracks.get(mid)?.close();
    this.#tracks.delete(mid);
    this.#offered.delete(mid);
  }
}

function videoOf(media: OfferedMedia) {
  const video = new nodeDataChannel.Video(media.mid, 'SendOnly');
  for (const { payloadType, name, parameters, rtxPayloadType } of offeredVideoFormats(media.encoder)) {
    video.addVideoCodec(payloadType, name, ...(parameters ? [parameters] : []));
    if (rtxPayloadType !== undefined) video.addRTXCodec(rtxPayloadType, payloadType, CLOCK_RATE);
  }
  addSsrcs(video, media);
  return video;
}

function audioOf(media: OfferedMedia) {
  const audio = new nodeDataChannel.Audio(media.mid, 'SendOnly');
  const opus = sdpFormats.opus.payloadType;
  if (media.red) audio.addAudioCodec(RED_PAYLOAD_TYPE, 'red', `${opus}/${opus}`);
  for (const { payloadType, name, parameters } of offeredAudioFormats(media.encoder)) {
    audio.addAudioCodec(payloadType, name, ...(parameters ? [parameters] : []));
  }
  addSsrcs(audio, media);
  return audio;
}

/** RTCP of these comes to the track; the offer that leaves names them as it likes. */
function addSsrcs(description: { addSSRC(ssrc: number, name?: string): void }, media: OfferedMedia): void {
  for (const { ssrc } of media.layers) description.addSSRC(ssrc, media.cname);
  if (media.rtxSsrc !== undefined) description.addSSRC(media.rtxSsrc, media.cname);
}
