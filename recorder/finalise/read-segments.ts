import type { StoredSegment } from '../contract/media.ts';
import type { PlacedSegment } from './placed-segment.ts';

/**
 * Where segments come from: the spool, or the store. A range has both ends included and may reach past the end. The
 * bytes belong to the caller, who may change them, and give them to the memory pool.
 */
export type ReadSegment = (
  segment: StoredSegment,
  range?: { startByte: number; endByte: number },
) => Promise<Uint8Array>;

/** Segments of half a megabyte: enough to keep disk or network busy while one is written. */
const AHEAD = 4;

/** Reads segments in order, a few ahead. */
export async function* readSegments<T>(
  segments: readonly PlacedSegment[],
  read: (segment: PlacedSegment) => Promise<T>,
  signal?: AbortSignal,
): AsyncGenerator<{ segment: PlacedSegment; content: T }> {
  const reading: Promise<T>[] = [];
  for (const [index, segment] of segments.entries()) {
    for (let next = index + reading.length; reading.length <= AHEAD && next < segments.length; next += 1) {
      const wanted = segments[next];
      if (!wanted) break;
      const started = read(wanted);
      // It may fail before its turn comes.
      started.catch(() => {});
      reading.push(started);
    }
    const current = reading.shift();
    if (!current) return;
    signal?.throwIfAborted();
    yield { segment, content: await current };
  }
}
