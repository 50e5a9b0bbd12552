/**
 * A preview task → a poster and a storyboard in the store.
 *
 * 1. The poster: of two seconds near the beginning the picture that is most like the others, so no flash and no fade.
 * 2. The tiles. A short recording is decoded once, at one picture an interval. Of a long one only the keyframe before each tile is
 *    read and decoded, by seeking: an hour costs 100 pictures, not an hour of decoding. So does the second try of a short one.
 * 3. The tiles are put side by side in memory, encoded, and both pictures stored. There is no temporary file.
 */
import type { ObjectStore } from '../../storage/object-store.ts';
import { type PreviewOutcome, type PreviewTask, posterName, storyboardName } from '../contract/previews.ts';
import { ObjectServer } from './object-server.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import { layOutStoryboard, placeTiles, posterSize, type StoryboardLayout } from './storyboard-layout.ts';

/** Decoding a minute of 720p takes some seconds of one core. */
const DECODED_WHOLE_MS = 180_000;
const POSTER_AFTER_MS = 3_000;
const POSTER_FRAMES = 60;
const POSTER_QUALITY = '4';
const STORYBOARD_QUALITY = '6';
const MOST_PICTURE_BYTES = 16_000_000;
const BYTES_PER_PIXEL = 3;

export type MadePreviews = Extract<PreviewOutcome, { kind: 'made' }>;

export interface MakePreviewsOptions {
  task: PreviewTask;
  ffmpeg: string;
  store: ObjectStore;
  signal: AbortSignal;
}

export async function makePreviews(options: MakePreviewsOptions): Promise<MadePreviews> {
  const { task, store, signal } = options;
  const server = await ObjectServer.open(store, task.parts);
  try {
    const source = new PictureSource(options, server);
    const layout = layOutStoryboard(task);
    const poster = await source.poster();
    const storyboard = await source.storyboard(layout);
    for (const [name, bytes] of [
      [posterName, poster],
      [storyboardName, storyboard],
    ] as const) {
      signal.throwIfAborted();
      await store.put(task.objectPrefix + name, bytes, { contentType: 'image/jpeg' });
    }
    return {
      kind: 'made',
      poster: { ...posterSize(task), sizeBytes: poster.length },
      storyboard: { ...layout, sizeBytes: storyboard.length },
    };
  } catch (error) {
    throw server.failure ?? error;
  } finally {
    await server.close();
  }
}

class PictureSource {
  readonly #options: MakePreviewsOptions;
  readonly #server: ObjectServer;

  constructor(options: MakePreviewsOptions, server: ObjectServer) {
    this.#options = options;
    this.#server = server;
  }

  async poster(): Promise<Buffer> {
    const { task } = this.#options;
    const { durationMs = 0 } = task.parts[0] ?? {};
    const { width, height } = posterSize(task);
    const take = (atMs: number) =>
      this.#run([
        ...['-ss', seconds(atMs)],
        ...this.#input(0),
        ...['-vf', `thumbnail=${POSTER_FRAMES},${fitInto(width, height)}`, '-frames:v', '1'],
        ...['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', POSTER_QUALITY, '-f', 'mjpeg'],
      ]);
    const later = await take(Math.min(POSTER_AFTER_MS, durationMs / 5));
    if (later.length > 0) return later;
    const first = await take(0);
    if (first.length > 0) return first;
    throw new Error('No picture of it can be decoded');
  }

  async storyboard(layout: StoryboardLayout): Promise<Buffer> {
    const { task } = this.#options;
    const isShort = task.durationMs <= DECODED_WHOLE_MS && task.turn === 1;
    const pictures = isShort ? await this.#decodeWhole(layout) : await this.#seek(layout);
    const { columns, tiles, tileWidth, tileHeight } = layout;
    const width = columns * tileWidth;
    const height = Math.ceil(tiles / columns) * tileHeight;
    return runFfmpeg({
      ffmpeg: this.#options.ffmpeg,
      args: [
        ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-i', 'pipe:0', '-frames:v', '1'],
        ...['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', STORYBOARD_QUALITY, '-f', 'mjpeg', 'pipe:1'],
      ],
      input: sideBySide(pictures, layout),
      mostBytes: MOST_PICTURE_BYTES,
      signal: this.#options.signal,
    });
  }

  async #decodeWhole(layout: StoryboardLayout): Promise<(Buffer | undefined)[]> {
    const { task } = this.#options;
    const { tileWidth, tileHeight, intervalMs } = layout;
    const tileBytes = tileWidth * tileHeight * BYTES_PER_PIXEL;
    const rows: Buffer[] = [];
    for (const part of task.parts.keys()) {
      rows[part] = await this.#run([
        // The size may change in the middle: the filters take it as it comes, so that the tiles are counted on.
        ...['-reinit_filter', '0'],
        ...this.#input(part),
        // Rounded up: a tile shows what is shown at its time, not what comes after it.
        ...['-vf', `${fitInto(tileWidth, tileHeight)},fps=1000/${intervalMs}:start_time=0:round=up`],
        ...['-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'rawvideo'],
      ]);
    }
    const pictures: (Buffer | undefined)[] = [];
    for (const { tile, part, atMs } of placeTiles(task, layout)) {
      const raw = rows[part];
      const from = Math.floor(atMs / intervalMs) * tileBytes;
      if (raw && from + tileBytes <= raw.length) pictures[tile] = raw.subarray(from, from + tileBytes);
    }
    return pictures;
  }

  async #seek(layout: StoryboardLayout): Promise<(Buffer | undefined)[]> {
    const { tileWidth, tileHeight } = layout;
    const pictures: (Buffer | undefined)[] = [];
    for (const { tile, part, atMs } of placeTiles(this.#options.task, layout)) {
      const raw = await this.#run([
        ...['-noaccurate_seek', '-skip_frame', 'nokey', '-ss', seconds(atMs)],
        ...this.#input(part),
        ...['-vf', fitInto(tileWidth, tileHeight), '-frames:v', '1'],
        ...['-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'rawvideo'],
      ]);
      if (raw.length === tileWidth * tileHeight * BYTES_PER_PIXEL) pictures[tile] = raw;
    }
    if (pictures.length === 0) throw new Error('No keyframe of it can be decoded');
    return pictures;
  }

  /** What it is, is said, and that it may lead nowhere else: the bytes were chosen by whoever was recorded. */
  #input(part: number): string[] {
    const isMp4 = this.#options.task.parts[part]?.contentType.endsWith('/mp4');
    const url = this.#server.urlOf(part);
    return ['-protocol_whitelist', 'http,tcp', '-f', isMp4 ? 'mov' : 'matroska', '-i', url, '-an', '-sn', '-dn'];
  }

  async #run(args: string[]): Promise<Buffer> {
    const { ffmpeg, signal } = this.#options;
    return runFfmpeg({ ffmpeg, args: [...args, 'pipe:1'], mostBytes: MOST_PICTURE_BYTES, signal });
  }
}

function fitInto(width: number, height: number): string {
  const scale = `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=bilinear`;
  return `${scale},pad=${width}:${height}:-1:-1:eval=frame,setsar=1`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** One picture of all tiles, in rows. A tile that is not there repeats the one before, the first ones the first there is. */
function sideBySide(pictures: readonly (Buffer | undefined)[], layout: StoryboardLayout): Buffer {
  const { columns, tiles, tileWidth, tileHeight } = layout;
  const rowBytes = tileWidth * BYTES_PER_PIXEL;
  const lineBytes = rowBytes * columns;
  const sheet = Buffer.alloc(lineBytes * tileHeight * Math.ceil(tiles / columns));
  let picture = pictures.find(Boolean);
  for (let tile = 0; tile < tiles; tile++) {
    picture = pictures[tile] ?? picture;
    if (!picture) break;
    const corner = Math.floor(tile / columns) * tileHeight * lineBytes + (tile % columns) * rowBytes;
    for (let line = 0; line < tileHeight; line++) {
      picture.copy(sheet, corner + line * lineBytes, line * rowBytes, (line + 1) * rowBytes);
    }
  }
  return sheet;
}
