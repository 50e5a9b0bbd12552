/** Puts a recording of the pipeline onto a participant of a LiveKit room, or joins what others recorded. */
import type { Logger } from 'pino';
import type { ObjectStore } from '../storage/object-store.ts';
import { Slots } from '../storage/slots.ts';
import { systemClock } from './clock.ts';
import { JoinRecording } from './join-recording.ts';
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
  const joinSlots = new Slots(1);
  return (task, onChange) => {
    const log = place.log.child({ recordingId: task.recordingId, attemptId: task.attemptId });
    const { store, spoolDir, storePatienceMs } = place;
    if (task.kind === 'finalise') {
      return new JoinRecording({ task, store, spoolDir, slots: joinSlots, clock: systemClock, log, onChange });
    }
    const source = new LiveKitParticipant({
      url: task.livekit.url,
      token: task.livekit.token,
      identity: task.identity,
      sources: task.tracks,
      clock: systemClock,
      log,
    });
    return new Recording({ task, source, store, spoolDir, storePatienceMs, clock: systemClock, log, onChange });
  };
};
