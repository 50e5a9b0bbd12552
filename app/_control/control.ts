/** What use cases work with; made once per process by `control-plane.ts`, and by tests. */
import type { Logger } from 'pino';
import type { DatabaseClient } from '../../db/client.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import type { DemoParticipants } from './demo-participants.ts';
import type { Environment } from './environment.ts';
import type { BackgroundTasks } from './live/background-tasks.ts';
import type { LiveHub } from './live/live-hub.ts';
import type { StreamSlots } from './live/stream-slots.ts';
import type { LiveRooms } from './livekit/live-rooms.ts';
import type { LiveKitApi } from './livekit/livekit-api.ts';
import type { MediaCounters } from './media-counters.ts';

export interface Control {
  readonly environment: Environment;
  /** What this process runs: workers that run something else are pointed out. Undefined: not known. */
  readonly version: string | undefined;
  readonly database: DatabaseClient;
  readonly store: ObjectStore;
  readonly livekit: LiveKitApi;
  /** LiveKit's rooms as last seen. */
  readonly rooms: LiveRooms;
  /** What happens now, from all processes of the installation. */
  readonly hub: LiveHub;
  /** What is done after a request was answered. */
  readonly tasks: BackgroundTasks;
  readonly demo: DemoParticipants;
  /** Event streams that are open. */
  readonly streams: StreamSlots;
  /** What recorders reported to this process. */
  readonly counters: MediaCounters;
  readonly log: Logger;
  /** Aborted when the process shall end: whatever is held open is closed. */
  readonly stopping: AbortSignal;
}
