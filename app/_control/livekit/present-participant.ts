/** LiveKit's messages → the shapes of our API. */
import { type ParticipantInfo, type Room, type TrackInfo, TrackSource, TrackType } from 'livekit-server-sdk';
import type { LiveParticipant, LiveRoom, participantKinds } from '../api.ts';

/** A participant as LiveKit lists it; who records it is added when it is shown. */
export type SeenParticipant = Omit<LiveParticipant, 'recordingId'>;
export type SeenRoom = Omit<LiveRoom, 'participants'> & { participants: SeenParticipant[] };

/** By LiveKit's numbers. */
const kinds: Record<number, (typeof participantKinds)[number]> = {
  0: 'standard',
  1: 'ingress',
  2: 'egress',
  3: 'sip',
  4: 'agent',
  7: 'connector',
};

const sources: Record<number, string> = {
  [TrackSource.CAMERA]: 'camera',
  [TrackSource.MICROPHONE]: 'microphone',
  [TrackSource.SCREEN_SHARE]: 'screen_share',
  [TrackSource.SCREEN_SHARE_AUDIO]: 'screen_share_audio',
};

/** Recorders and hidden watchers, ours and others': nobody sees them, nobody records them. */
export function isHidden(participant: ParticipantInfo): boolean {
  return participant.permission?.recorder === true || participant.permission?.hidden === true;
}

export function presentParticipant(participant: ParticipantInfo): SeenParticipant {
  return {
    sid: participant.sid,
    identity: participant.identity,
    name: participant.name,
    kind: kinds[participant.kind] ?? 'standard',
    joinedAt: isoOf(participant.joinedAtMs, participant.joinedAt),
    canPublish: participant.permission?.canPublish ?? true,
    metadata: participant.metadata,
    tracks: participant.tracks.filter((track) => track.type !== TrackType.DATA).map(presentTrack),
  };
}

export function presentRoom(room: Room, participants: readonly ParticipantInfo[]): SeenRoom {
  return {
    sid: room.sid,
    name: room.name,
    startedAt: isoOf(room.creationTimeMs, room.creationTime),
    participants: participants
      .filter((participant) => !isHidden(participant))
      .map(presentParticipant)
      .sort((a, b) => a.joinedAt.localeCompare(b.joinedAt) || a.sid.localeCompare(b.sid)),
  };
}

function presentTrack(track: TrackInfo): SeenParticipant['tracks'][number] {
  return {
    sid: track.sid,
    source: sources[track.source] ?? 'unknown',
    kind: track.type === TrackType.VIDEO ? 'video' : 'audio',
    codec: codecName(track.mimeType),
    muted: track.muted,
    width: track.width || undefined,
    height: track.height || undefined,
    simulcast: track.simulcast,
  };
}

/** `video/VP8` → `vp8`. RED is Opus in an envelope. */
function codecName(mimeType: string): string {
  const name = mimeType.slice(mimeType.indexOf('/') + 1).toLowerCase();
  return name === 'red' ? 'opus' : name;
}

function isoOf(milliseconds: bigint, seconds: bigint): string {
  return new Date(Number(milliseconds || seconds * 1000n)).toISOString();
}
