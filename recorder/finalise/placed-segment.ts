import type { StoredSegment } from '../contract/media.ts';

/** A segment with its place in the recording. `startMicros` and `endMicros` are on the recording's clock. */
export interface PlacedSegment extends StoredSegment {
  /** Counts from 0 in the order in which attempts recorded; parts and sequences count within one. */
  attempt: number;
  /** Whole milliseconds; what is to be added to the times inside the segment. */
  offsetMicros: number;
}

/** Those of a recording with one attempt, whose clock is the recording's. */
export function placeAll(segments: readonly StoredSegment[]): PlacedSegment[] {
  return segments.map((segment) => ({ ...segment, attempt: 0, offsetMicros: 0 }));
}
