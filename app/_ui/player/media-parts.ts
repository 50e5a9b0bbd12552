import type { Recording } from '../../_control/api.ts';

export type PlayableMedium = Recording['media'][number];

export const mediumNames = { camera: 'Camera', screen: 'Screen' } as const;

/** One player each: the parts of a medium, which are played one after the other. */
export function groupByMedium(media: readonly PlayableMedium[]): PlayableMedium[][] {
  const groups = new Map<string, PlayableMedium[]>();
  for (const part of media) groups.set(part.medium, [...(groups.get(part.medium) ?? []), part]);
  return [...groups.values()];
}

/** What tells a file from the others: nothing when there is only one, else its medium, its part, or both. */
export function fileName(file: PlayableMedium, all: readonly PlayableMedium[]): string {
  const isOnlyMedium = all.every((other) => other.medium === file.medium);
  const isOnlyPart = all.filter((other) => other.medium === file.medium).length === 1;
  return [isOnlyMedium ? '' : file.medium, isOnlyPart ? '' : `part ${file.part}`].filter(Boolean).join(' ');
}

/** The part that is there at a position on the recording's clock, else the one that follows, else the last. */
export function partAt(parts: readonly Pick<PlayableMedium, 'startMs' | 'durationMs'>[], positionMs: number): number {
  const found = parts.findIndex(({ startMs, durationMs }) => positionMs < startMs + durationMs);
  return found < 0 ? Math.max(0, parts.length - 1) : found;
}

/**
 * Where on the recording's clock time 0 lies of what a browser has just loaded: some count from where a file begins, whatever its own times.
 */
export function zeroOf(
  { startMs, zeroMs }: Pick<PlayableMedium, 'startMs' | 'zeroMs'>,
  { currentTime }: Pick<HTMLMediaElement, 'currentTime'>,
): number {
  return currentTime * 1000 >= (startMs - zeroMs) / 2 ? zeroMs : startMs;
}
