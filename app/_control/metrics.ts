/** Prometheus figures, taken when they are asked for. */
import { Gauge, Registry } from 'prom-client';
import { countRecordings } from '../../db/queries/count-recordings.ts';
import { listNewestStats } from '../../db/queries/list-newest-stats.ts';
import { listUnfinishedRecordings } from '../../db/queries/list-unfinished-recordings.ts';
import { listWorkers } from '../../db/queries/upsert-worker.ts';
import { recordingStates } from '../../db/recording-states.ts';
import type { Control } from './control.ts';
import { WORKER_SILENT_MS } from './timing.ts';

export async function collectMetrics(control: Control): Promise<{ contentType: string; text: string }> {
  const { db } = control.database;
  const [counts, workers, unfinished] = await Promise.all([
    countRecordings(db),
    listWorkers(db, WORKER_SILENT_MS),
    listUnfinishedRecordings(db),
  ]);
  const stats = [
    ...(
      await listNewestStats(
        db,
        unfinished.map((row) => row.id),
      )
    ).values(),
  ];
  const sum = (figure: (stat: (typeof stats)[number]) => number) =>
    stats.reduce((total, stat) => total + figure(stat), 0);
  const snapshot = control.rooms.snapshot;

  const registry = new Registry();
  const gauge = (name: string, help: string, value: number) => {
    new Gauge({ name: `recorder_${name}`, help, registers: [registry] }).set(value);
  };
  const byState = new Gauge({
    name: 'recorder_recordings',
    help: 'Recordings kept, by state',
    labelNames: ['state'],
    registers: [registry],
  });
  for (const state of recordingStates) byState.set({ state }, counts.get(state) ?? 0);
  gauge('workers', 'Pool workers heard of lately', workers.length);
  gauge(
    'worker_free_slots',
    'Recordings that workers would take now',
    workers.reduce((total, worker) => total + worker.freeSlots, 0),
  );
  gauge('livekit_up', '1 when LiveKit answered the newest listing', snapshot?.livekit === 'up' ? 1 : 0);
  gauge('live_rooms', 'Rooms at the newest listing', snapshot?.rooms.length ?? 0);
  gauge(
    'live_participants',
    'Participants at the newest listing',
    snapshot?.rooms.reduce((total, room) => total + room.participants.length, 0) ?? 0,
  );
  gauge(
    'bitrate_bps',
    'Media written now, over all running recordings',
    sum((stat) => stat.bitrateBps),
  );
  gauge(
    'frames_per_second',
    'Pictures written now, over all running recordings',
    sum((stat) => stat.framesPerSecond),
  );
  const byTrack = new Gauge({
    name: 'recorder_tracks',
    help: 'Tracks recorded now',
    labelNames: ['source', 'codec'],
    registers: [registry],
  });
  for (const { source, codec } of stats.flatMap((stat) => stat.tracks ?? [])) byTrack.inc({ source, codec });
  const worst = (figure: (stat: (typeof stats)[number]) => number | undefined) =>
    Math.max(0, ...stats.map((stat) => (figure(stat) ?? 0) / 1000));
  gauge(
    'round_trip_seconds',
    'The longest round trip of a running recording to LiveKit',
    worst((stat) => stat.roundTripMs),
  );
  gauge(
    'jitter_seconds',
    'The largest jitter of packets of a running recording',
    worst((stat) => stat.jitterMs),
  );
  gauge(
    'segments_pending',
    'Segments closed but not yet in the store',
    sum((stat) => stat.segmentsPending),
  );
  gauge('upload_trouble', 'Running recordings whose uploads fail', stats.filter((stat) => stat.uploadTrouble).length);
  gauge('event_streams', 'Event streams open in this process', control.streams.open);
  gauge(
    'background_tasks_dropped',
    'Webhook work dropped in this process; the reconciler did it',
    control.tasks.dropped,
  );
  return { contentType: registry.contentType, text: (await registry.metrics()) + (await control.counters.text()) };
}
