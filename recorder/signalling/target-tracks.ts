/**
 * What LiveKit says of the participants of a room → what happened to the one that is recorded: it came, it went, it
 * published a wanted track, muted it, took it back.
 *
 * Updates arrive twice, out of order, and for an earlier stay of the same identity: a participant is its sid, and a
 * lower version of it is old news.
 */
import {
  DisconnectReason,
  Encryption_Type,
  type ParticipantInfo,
  ParticipantInfo_State,
  TrackSource as ProtocolTrackSource,
  type TrackInfo,
} from '@livekit/protocol';
import type { TrackSource } from '../contract/media.ts';

export interface TargetTrack {
  sid: string;
  participantSid: string;
  source: TrackSource;
  kind: 'video' | 'audio';
  muted: boolean;
  encrypted: boolean;
}

export interface TargetEvents {
  present(participantSid: string): void;
  gone(): void;
  published(track: TargetTrack): void;
  muted(track: TargetTrack): void;
  unpublished(sid: string): void;
}

const sources: Partial<Record<ProtocolTrackSource, { source: TrackSource; kind: 'video' | 'audio' }>> = {
  [ProtocolTrackSource.CAMERA]: { source: 'camera', kind: 'video' },
  [ProtocolTrackSource.MICROPHONE]: { source: 'microphone', kind: 'audio' },
  [ProtocolTrackSource.SCREEN_SHARE]: { source: 'screen_share', kind: 'video' },
  [ProtocolTrackSource.SCREEN_SHARE_AUDIO]: { source: 'screen_share_audio', kind: 'audio' },
};

export class TargetTracks {
  readonly #identity: string;
  readonly #wanted: ReadonlySet<TrackSource>;
  readonly #events: TargetEvents;
  readonly #tracks = new Map<string, TargetTrack>();
  #participant: { sid: string; joinedAtMs: number; version: number } | undefined;

  constructor(identity: string, wanted: readonly TrackSource[], events: TargetEvents) {
    this.#identity = identity;
    this.#wanted = new Set(wanted);
    this.#events = events;
  }

  get(sid: string): TargetTrack | undefined {
    return this.#tracks.get(sid);
  }

  all(): Iterable<TargetTrack> {
    return this.#tracks.values();
  }

  /** All who are in the room now: whoever is not among them is gone. */
  handleRoom(participants: readonly ParticipantInfo[]): void {
    const target = participants.find((each) => each.identity === this.#identity);
    // A new server counts versions anew.
    if (this.#participant) this.#participant.version = 0;
    if (target) this.handleUpdate([target]);
    else this.leave();
  }

  handleUpdate(participants: readonly ParticipantInfo[]): void {
    for (const participant of participants) if (participant.identity === this.#identity) this.#update(participant);
  }

  leave(): void {
    for (const sid of [...this.#tracks.keys()]) this.#unpublish(sid);
    if (!this.#participant) return;
    this.#participant = undefined;
    this.#events.gone();
  }

  #update(info: ParticipantInfo): void {
    const known = this.#participant;
    const isGone = info.state === ParticipantInfo_State.DISCONNECTED;
    const joinedAtMs = Number(info.joinedAtMs || info.joinedAt * 1000n);
    if (known?.sid === info.sid) {
      if (info.version < known.version) return;
    } else if (isGone || (known && joinedAtMs < known.joinedAtMs)) {
      return; // an earlier stay
    }
    if (isGone) {
      // The same client goes on under a new sid at once.
      if (info.disconnectReason !== DisconnectReason.MIGRATION) this.leave();
      return;
    }
    if (known && known.sid !== info.sid) this.leave();
    const isNew = this.#participant === undefined;
    this.#participant = { sid: info.sid, joinedAtMs, version: info.version };
    if (isNew) this.#events.present(info.sid);
    this.#updateTracks(info);
  }

  #updateTracks(info: ParticipantInfo): void {
    const published = new Map<string, TargetTrack>();
    for (const track of info.tracks) {
      const target = this.#toTarget(track, info.sid);
      if (target) published.set(target.sid, target);
    }
    for (const sid of [...this.#tracks.keys()]) if (!published.has(sid)) this.#unpublish(sid);
    for (const track of published.values()) {
      const known = this.#tracks.get(track.sid);
      this.#tracks.set(track.sid, track);
      if (!known) this.#events.published(track);
      else if (known.muted !== track.muted) this.#events.muted(track);
    }
  }

  #unpublish(sid: string): void {
    this.#tracks.delete(sid);
    this.#events.unpublished(sid);
  }

  #toTarget(track: TrackInfo, participantSid: string): TargetTrack | undefined {
    const known = sources[track.source];
    if (!known || !this.#wanted.has(known.source)) return undefined;
    return {
      sid: track.sid,
      participantSid,
      ...known,
      muted: track.muted,
      encrypted: track.encryption !== Encryption_Type.NONE,
    };
  }
}
