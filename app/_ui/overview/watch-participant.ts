/**
 * Joins a room unseen and receives the tracks of one participant. What leaves is one state, anew with every change.
 * The participant may come, go, publish and mute at any time; a connection that broke is mended by LiveKit's client.
 */
import { ConnectionState, type RemoteTrack, type RemoteTrackPublication, Room, RoomEvent, Track } from 'livekit-client';

export interface Watched {
  connection: 'connecting' | 'open' | 'reconnecting' | 'lost';
  isThere: boolean;
  camera: WatchedTrack | null;
  screen: WatchedTrack | null;
  /** Microphone and screen audio, as far as they are there. */
  sounds: readonly WatchedTrack[];
}

export interface WatchedTrack {
  sid: string;
  muted: boolean;
  /** Null until it is subscribed. */
  track: RemoteTrack | null;
}

export const nothingWatched: Watched = {
  connection: 'connecting',
  isThere: true,
  camera: null,
  screen: null,
  sounds: [],
};

/** Anything of these may change what is seen. */
const events = [
  RoomEvent.ConnectionStateChanged,
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
] as const;

/** Until the function that is returned is called. A refused connection is told as `lost`. */
export function watchParticipant(
  openAccess: () => Promise<{ url: string; token: string }>,
  identity: string,
  onChange: (watched: Watched) => void,
): () => void {
  const room = new Room({ adaptiveStream: true });
  let isOver = false;
  let wasOpen = false;
  const tell = () => {
    if (isOver) return;
    const participant = room.remoteParticipants.get(identity);
    for (const publication of participant?.trackPublications.values() ?? []) {
      if (!publication.isDesired) publication.setSubscribed(true);
    }
    if (room.state === ConnectionState.Connected) wasOpen = true;
    const watched = (source: Track.Source) => watchedTrack(participant?.getTrackPublication(source));
    onChange({
      connection: connectionOf(room.state, wasOpen),
      isThere: participant !== undefined,
      camera: watched(Track.Source.Camera),
      screen: watched(Track.Source.ScreenShare),
      sounds: [watched(Track.Source.Microphone), watched(Track.Source.ScreenShareAudio)].filter(
        (sound) => sound !== null,
      ),
    });
  };
  for (const event of events) room.on(event, tell);
  void (async () => {
    try {
      const { url, token } = await openAccess();
      if (!isOver) await room.connect(url, token, { autoSubscribe: false });
      // Closed while it connected.
      if (isOver) await room.disconnect();
    } catch (error) {
      console.error(error);
      if (!isOver) onChange({ ...nothingWatched, connection: 'lost' });
    }
  })();
  return () => {
    isOver = true;
    void room.disconnect();
  };
}

function connectionOf(state: ConnectionState, wasOpen: boolean): Watched['connection'] {
  if (state === ConnectionState.Connected) return 'open';
  if (state === ConnectionState.Disconnected) return wasOpen ? 'lost' : 'connecting';
  return state === ConnectionState.Connecting ? 'connecting' : 'reconnecting';
}

function watchedTrack(publication: RemoteTrackPublication | undefined): WatchedTrack | null {
  if (publication === undefined) return null;
  return { sid: publication.trackSid, muted: publication.isMuted, track: publication.track ?? null };
}
