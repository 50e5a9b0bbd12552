import type { TrackFigures } from './media.ts';

export function noFigures(): TrackFigures {
  return {
    frames: 0,
    keyframes: 0,
    sizeBytes: 0,
    mediaMs: 0,
    framesRepaired: 0,
    packetsReceived: 0,
    packetsRepaired: 0,
    packetsLost: 0,
    packetsIgnored: {},
    framesDropped: {},
    presentationJitterMs: { average: 0, maximum: 0 },
    longestQuietMs: 0,
    processingMicros: 0,
  };
}

/** Both together: sums, maxima, averages by frames; of what is an estimate of the moment, the later one's. */
export function addFigures(earlier: TrackFigures, later: TrackFigures): TrackFigures {
  const average = (one: number, other: number) => {
    const frames = earlier.frames + later.frames;
    const exact = frames === 0 ? 0 : (one * earlier.frames + other * later.frames) / frames;
    return Math.round(exact * 100) / 100;
  };
  const jitters = [earlier.presentationJitterMs, later.presentationJitterMs] as const;
  return {
    frames: earlier.frames + later.frames,
    keyframes: earlier.keyframes + later.keyframes,
    sizeBytes: earlier.sizeBytes + later.sizeBytes,
    mediaMs: earlier.mediaMs + later.mediaMs,
    framesRepaired: earlier.framesRepaired + later.framesRepaired,
    packetsReceived: earlier.packetsReceived + later.packetsReceived,
    packetsRepaired: earlier.packetsRepaired + later.packetsRepaired,
    packetsLost: earlier.packetsLost + later.packetsLost,
    packetsIgnored: addCounts(earlier.packetsIgnored, later.packetsIgnored),
    framesDropped: addCounts(earlier.framesDropped, later.framesDropped),
    presentationJitterMs: {
      average: average(jitters[0].average, jitters[1].average),
      maximum: Math.max(jitters[0].maximum, jitters[1].maximum),
    },
    longestQuietMs: Math.max(earlier.longestQuietMs, later.longestQuietMs),
    processingMicros: average(earlier.processingMicros, later.processingMicros),
    jitterMs: later.jitterMs ?? earlier.jitterMs,
    roundTripMs: later.roundTripMs ?? earlier.roundTripMs,
  };
}

export function addCounts(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum = { ...one };
  for (const [reason, count] of Object.entries(other)) sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
}
