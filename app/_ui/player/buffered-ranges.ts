/** Of what is loaded, in seconds. */
export type Ranges = readonly { startS: number; endS: number }[];

/** A decoder that stands still may still show a little of its range. */
const nearEndS = 0.5;

export function rangesOf({ buffered }: Pick<HTMLMediaElement, 'buffered'>): Ranges {
  return Array.from({ length: buffered.length }, (_, index) => ({
    startS: buffered.start(index),
    endS: buffered.end(index),
  }));
}

/** Where it goes on behind the hole in which a player stands still; undefined: it waits for what comes next, or for its decoder. */
export function behindHole(ranges: Ranges, atS: number): number | undefined {
  const current = ranges.find(({ startS, endS }) => startS <= atS && atS < endS);
  if (current && current.endS - atS > nearEndS) return undefined;
  return ranges.find(({ startS }) => startS > atS)?.startS;
}
