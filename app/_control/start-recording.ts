/** A person or a program wants a participant recorded now. */
import { trackSourceSchema } from '../../recorder/contract/media.ts';
import type { Recording, StartRecordingRequest } from './api.ts';
import { beginRecording } from './begin-recording.ts';
import type { Control } from './control.ts';
import { isHidden } from './livekit/present-participant.ts';
import { presentRecording } from './present-recording.ts';
import { ProblemError } from './problem-error.ts';
import { DEFAULT_RECONNECT_WINDOW_MS } from './timing.ts';

export async function startRecording(
  control: Control,
  request: StartRecordingRequest,
  origin: 'user' | 'api',
): Promise<Recording> {
  const participant = await control.livekit.findParticipant(request.room, request.identity);
  if (!participant) {
    const sentence = (await control.livekit.hasRoom(request.room))
      ? 'This participant is not in the room now. Start the recording when it has joined, or make a rule that records it whenever it joins.'
      : 'There is no such room on the LiveKit server now. Check the name; a room exists while somebody is in it.';
    throw new ProblemError('not-found', sentence);
  }
  if (isHidden(participant)) {
    throw new ProblemError(
      'not-found',
      'This participant is a recorder or a hidden watcher: it has nothing to record.',
    );
  }
  const beginning = await beginRecording(control.database.db, {
    room: request.room,
    identity: request.identity,
    origin,
    participantSid: participant.sid,
    wantedTracks: request.tracks ?? [...trackSourceSchema.options],
    reconnectWindowMs: DEFAULT_RECONNECT_WINDOW_MS,
    maxDurationMs: request.maxDurationMs,
    undecodable: request.undecodable,
  });
  if (!beginning.begun) {
    throw new ProblemError('already-recording', 'This participant is already being recorded.', {
      recordingId: beginning.recording.id,
    });
  }
  return presentRecording(control.database.db, beginning.recording);
}
