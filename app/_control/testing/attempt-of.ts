import { randomUUID } from 'node:crypto';
import type { AttemptRow } from '../../../db/schema.ts';
import type { Gap, TrackSummary } from '../../../recorder/contract/media.ts';
import { trackSummarySchema } from '../../../recorder/contract/media.ts';
import { type LiveStats, noLiveStats, type Outcome } from '../../../recorder/contract/report.ts';

/** A row of an attempt that ended `finished`, as little told as there can be. */
export function attemptOf(change: Partial<AttemptRow> = {}): AttemptRow {
  return {
    id: randomUUID(),
    recordingId: '00000000-0000-4000-8000-000000000000',
    epoch: 1,
    kind: 'record',
    state: 'ended',
    workerId: null,
    createdAt: new Date(0),
    availableAt: new Date(0),
    claimedAt: new Date(0),
    leaseExpiresAt: null,
    endedAt: new Date(0),
    stats: null,
    outcome: null,
    startedAt: null,
    publisherZeroMicros: null,
    participantSid: null,
    tracks: [],
    gaps: [],
    stored: {},
    segmentsPending: 0,
    joinedSegments: null,
    ...change,
  };
}

export function statsOf(change: Partial<LiveStats> = {}): LiveStats {
  return { ...noLiveStats, ...change };
}

export function trackOf(change: Partial<TrackSummary> = {}): TrackSummary {
  return trackSummarySchema.parse({
    medium: 'camera',
    source: 'camera',
    kind: 'video',
    codec: 'vp8',
    frames: 1,
    keyframes: 1,
    sizeBytes: 1,
    packetsReceived: 1,
    packetsRepaired: 0,
    packetsLost: 0,
    framesDropped: {},
    ...change,
  });
}

export function gapOf(fromS: number, toS: number, change: Partial<Gap> = {}): Gap {
  return { medium: 'camera', kind: 'video', fromMicros: fromS * 1e6, toMicros: toS * 1e6, reason: 'muted', ...change };
}

export function failureOf(change: Partial<Extract<Outcome, { kind: 'failed' }>> = {}): Outcome {
  return { kind: 'failed', reason: 'x.y', message: 'It failed.', fault: 'system', retryable: true, ...change };
}
