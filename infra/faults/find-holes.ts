/**
 * What was sent against what a file holds, by content: which frames are missing, where on the sender's clock and where in the
 * file. Frames are passed through untouched, so each is known by its hash; as clips are played in a circle, the round is told by
 * the time.
 */

/** `at`: milliseconds of the clock by which faults are made. */
export interface SentItem {
  hash: string;
  atMs: number;
}

export interface RecordedItem {
  hash: string;
  /** Presentation time in the file. */
  timeMs: number;
}

export interface Hole {
  /** From when the first missing frame was sent to when the first frame was sent that is there again. */
  fromMs: number;
  toMs: number;
  frames: number;
  /** Where in the file: the times of the frames on both sides. */
  fileFromMs: number;
  fileToMs: number;
}

export interface Comparison {
  /** When the first and the last frame in the file were sent. */
  firstMs: number;
  lastMs: number;
  found: number;
  holes: Hole[];
  /** In the file, but never sent, or twice, or out of order. */
  unexpected: number;
}

/** A round of a clip takes longer than twice this. */
const toleranceMs = 8000;

export function findHoles(sent: readonly SentItem[], recorded: readonly RecordedItem[]): Comparison {
  const places = new Map<string, number[]>();
  sent.forEach(({ hash }, index) => {
    const list = places.get(hash);
    if (list) list.push(index);
    else places.set(hash, [index]);
  });
  const starts = places.get(recorded[0]?.hash ?? '') ?? [];
  const all = starts.map((start) => compareFrom(start, sent, places, recorded));
  const best = all.sort((a, b) => b.found - a.found || a.holes.length - b.holes.length)[0];
  return best ?? { firstMs: Number.NaN, lastMs: Number.NaN, found: 0, holes: [], unexpected: recorded.length };
}

function compareFrom(
  start: number,
  sent: readonly SentItem[],
  places: ReadonlyMap<string, number[]>,
  recorded: readonly RecordedItem[],
): Comparison {
  let offsetMs = (sent[start]?.atMs ?? 0) - (recorded[0]?.timeMs ?? 0);
  let place = start - 1;
  let before: RecordedItem | undefined;
  const holes: Hole[] = [];
  let unexpected = 0;
  let found = 0;
  for (const item of recorded) {
    const wantedMs = item.timeMs + offsetMs;
    const next = nearest(places.get(item.hash) ?? [], sent, wantedMs);
    const match = next === undefined ? undefined : sent[next];
    if (next === undefined || !match || next <= place) {
      unexpected += 1;
      continue;
    }
    const firstMissing = sent[place + 1];
    if (next > place + 1 && before && firstMissing) {
      holes.push({
        fromMs: firstMissing.atMs,
        toMs: match.atMs,
        frames: next - place - 1,
        fileFromMs: before.timeMs,
        fileToMs: item.timeMs,
      });
    }
    offsetMs = match.atMs - item.timeMs;
    place = next;
    before = item;
    found += 1;
  }
  return { firstMs: sent[start]?.atMs ?? 0, lastMs: sent[place]?.atMs ?? 0, found, holes, unexpected };
}

function nearest(candidates: readonly number[], sent: readonly SentItem[], wantedMs: number): number | undefined {
  let best: number | undefined;
  let bestMs = toleranceMs;
  for (const candidate of candidates) {
    const awayMs = Math.abs((sent[candidate]?.atMs ?? Number.POSITIVE_INFINITY) - wantedMs);
    if (awayMs < bestMs) {
      best = candidate;
      bestMs = awayMs;
    }
  }
  return best;
}
