/** Puts a recording of the pipeline onto a participant of a LiveKit room. */
import type { Logger } from 'pino';
import type { ObjectStore } from '../storage/object-store.ts';
import { systemClock } from './clock.ts';
import { Recording } from './pipeline.ts';
import type { StartTask } from './report/held-recording.ts';
import { LiveKitParticipant } from './signalling/livekit-participant.ts';

/** Where the recordings of a process go. */
export interface RecordingPlace {
  store: ObjectStore;
  spoolDir: string;
  /** How long a store that fails is tried after a recording has ended; undefined: for ever. */
  storePatienceMs?: number;
  log: Logger;
}

export type RecordingStarter = (place: RecordingPlace) => StartTask;

export const recordingStarter: RecordingStarter = (place) => {
  return (task, onChange) => {
    if (task.kind === 'finalise') throw new Error('This recorder cannot finish what others recorded yet.');
    const log = place.log.child({ recordingId: task.recordingId, attemptId: task.attemptId });
    const source = new LiveKitParticipant({
      url: task.livekit.url,
      token: task.livekit.token,
      identity: task.identity,
      sources: task.tracks,
      clock: systemClock,
      log,
    });
    const { store, spoolDir, storePatienceMs } = place;
    return new Recording({ task, source, store, spoolDir, storePatienceMs, clock: systemClock, log, onChange });
  };
};
