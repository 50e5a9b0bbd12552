/** How a storyboard is laid out: how many tiles, how large, at which times. The same recording always has the same one. */
import { MOST_TILES, type PreviewTask, type Storyboard } from '../contract/previews.ts';

const LEAST_INTERVAL_MS = 1000;
const INTERVAL_STEP_MS = 100;
const COLUMNS = 10;
/** Of the longer side, in pixels: twice of what a player shows above its bar. */
const TILE_SIDE = 192;
const POSTER_SIDE = 960;
const LEAST_SIDE = 32;
const usualSize = { width: 1280, height: 720 };

export type StoryboardLayout = Omit<Storyboard, 'sizeBytes'>;

export function layOutStoryboard({ durationMs, size }: Pick<PreviewTask, 'durationMs' | 'size'>): StoryboardLayout {
  const wantedMs = Math.ceil(durationMs / MOST_TILES / INTERVAL_STEP_MS) * INTERVAL_STEP_MS;
  const intervalMs = Math.max(LEAST_INTERVAL_MS, wantedMs);
  const tiles = Math.max(1, Math.ceil(durationMs / intervalMs));
  const { width, height } = scaledTo(size, TILE_SIDE);
  return { columns: Math.min(COLUMNS, tiles), tiles, tileWidth: width, tileHeight: height, intervalMs };
}

export function posterSize({ size }: Pick<PreviewTask, 'size'>): { width: number; height: number } {
  return scaledTo(size, POSTER_SIDE);
}

/** Whole pairs of pixels, which every encoder takes; a picture is not made larger than it was. */
function scaledTo(size: PreviewTask['size'], longestSide: number): { width: number; height: number } {
  const { width, height } = size ?? usualSize;
  const scale = Math.min(1, longestSide / Math.max(width, height));
  const side = (pixels: number) => Math.max(LEAST_SIDE, 2 * Math.round((pixels * scale) / 2));
  return { width: side(width), height: side(height) };
}

export interface TilePlace {
  tile: number;
  /** Of the task's. */
  part: number;
  /** On the part's own clock. */
  atMs: number;
}

/** Where in which part each tile is taken from. One that falls between two parts is left out: it repeats the one before. */
export function placeTiles(
  { parts }: Pick<PreviewTask, 'parts'>,
  { tiles, intervalMs }: StoryboardLayout,
): TilePlace[] {
  return Array.from({ length: tiles }, (_, tile) => tile).flatMap((tile) => {
    const timeMs = tile * intervalMs;
    const part = parts.findIndex(({ startMs, durationMs }) => timeMs >= startMs && timeMs < startMs + durationMs);
    const found = parts[part];
    return found ? [{ tile, part, atMs: timeMs - found.startMs }] : [];
  });
}
