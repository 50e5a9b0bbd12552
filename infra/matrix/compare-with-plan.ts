/**
 * A finished file against what was published, frame by frame and twice: by the bytes of every frame, as mediabunny reads
 * them, and by the numbers, sizes and times of the pictures that ffmpeg decodes.
 */
import { readFile } from 'node:fs/promises';
import { compareFrames, countLowerLayers, type FrameComparison, readFrames } from '../../bench/rig/compare-frames.ts';
import { type Codec, codecSchema, type TrackSource } from '../../recorder/contract/media.ts';
import type { SentFrame } from '../publisher/published-track.ts';
import type { RecordedParticipant } from './perform-case.ts';
import { type ReadBack, readBack, type SeenPicture } from './read-back.ts';

export interface ComparedTrack {
  codec: string;
  /** Between the first and the last recorded frame. */
  published: number;
  recorded: number;
  missing: number;
  /** In the file, but not what was sent at that place. Silence that fills a hole is not counted. */
  unexpected: number;
}

export interface ComparedFile {
  contentType: string;
  errors: string[];
  video?: ComparedTrack & {
    /** Of lower simulcast layers, before the server went up to the one that is compared. */
    lowerLayers: number;
    /** Decoded pictures that do not show the number or the size of the frame sent, or not when the file says. */
    wrongPictures: number;
    /** Of the decoded pictures, one after the other. */
    sizes: string[];
  };
  audio?: ComparedTrack;
  /** Picture against sound by flashes and beeps once sender reports have come; the 95th percentile. */
  syncMs: number | undefined;
}

const codecNames: Readonly<Record<string, Codec>> = { avc: 'h264', hevc: 'h265', ulaw: 'pcmu', alaw: 'pcma' };
/** Milliseconds of the container, and of what ffmpeg prints. */
const TIME_TOLERANCE_MS = 1.5;
/** Until then the clocks are brought together. */
const SYNC_SETTLED_MS = 5000;

export async function compareWithPlan(
  { files, sent }: RecordedParticipant,
  measuresSync: boolean,
): Promise<ComparedFile[]> {
  const compared: ComparedFile[] = [];
  for (const { path, medium, contentType } of files) {
    const isScreen = medium === 'screen';
    const frames = await readFrames(await readFile(path));
    const video = frames.video && nameOf(frames.video.codec);
    const seen = await readBack(path, { video, audio: frames.audio !== undefined });
    const file: ComparedFile = { contentType, errors: seen.errors, syncMs: measuresSync ? syncOf(seen) : undefined };
    if (frames.video) {
      const codec = nameOf(frames.video.codec);
      const published = sentIn(sent, isScreen ? 'screen_share' : 'camera', codec);
      const lowerLayers = countLowerLayers(published.flat(), frames.video.frames);
      const comparison = compareFrames(published.flat(), frames.video.frames.slice(lowerLayers));
      file.video = {
        ...trackOf(codec, published, comparison),
        lowerLayers,
        wrongPictures:
          wrongNumbers(published.flat(), seen.pictures.slice(0, lowerLayers + 1)) +
          wrongPictures(published.flat(), comparison, seen.pictures.slice(lowerLayers)),
        sizes: sizesOf(seen.pictures),
      };
    }
    if (frames.audio) {
      const codec = nameOf(frames.audio.codec);
      const published = sentIn(sent, isScreen ? 'screen_share_audio' : 'microphone', codec);
      const recorded = frames.audio.frames.filter(({ data }) => !isFiller(data, codec));
      file.audio = trackOf(codec, published, compareFrames(published.flat(), recorded));
    }
    compared.push(file);
  }
  return compared;
}

function nameOf(codec: string | null): Codec {
  return codecNames[codec ?? ''] ?? codecSchema.parse(codec);
}

/** Without the packets that only say that nobody speaks. */
function sentIn(sent: RecordedParticipant['sent'], source: TrackSource, codec: string): SentFrame[][] {
  const lists = sent.get(source) ?? [];
  return lists.map((list) => list.filter(({ clip, index }) => clip.codec === codec && index !== undefined));
}

/**
 * What is sent of a track before a recorder has subscribed to it, or before the server knows that it is no longer muted,
 * reaches nobody: each stretch counts from its first frame to its last.
 */
function trackOf(
  codec: string,
  published: readonly (readonly SentFrame[])[],
  { recorded, unexpected, offsets }: FrameComparison,
): ComparedTrack {
  const found = new Set(offsets.map(({ atMicros }) => atMicros));
  let sent = 0;
  for (const list of published) {
    const first = list.findIndex(({ atMicros }) => found.has(atMicros));
    const last = list.findLastIndex(({ atMicros }) => found.has(atMicros));
    if (first >= 0) sent += last - first + 1;
  }
  return { codec, published: sent, recorded, missing: sent - found.size, unexpected };
}

/** Silence that the recorder put into a hole, or the publisher's own (one byte). Clips are in stereo, fillers in mono. */
function isFiller(data: Uint8Array, codec: Codec): boolean {
  if (codec !== 'opus') return data.every((byte) => byte === data[0]);
  return data.length === 1 || (data.length <= 14 && ((data[0] ?? 0) & 4) === 0 && data.at(-1) === 0xfe);
}

/**
 * Layers show the same numbers: each picture follows the one before, whatever layer it is from. Where the server goes up, it
 * may repeat a picture or leave one out.
 */
function wrongNumbers([first]: readonly SentFrame[], pictures: readonly SeenPicture[]): number {
  const frames = first?.clip.frames.length ?? 1;
  return pictures.filter(({ number }, index) => {
    const previous = pictures[index - 1]?.number;
    if (index === 0) return false;
    return number === undefined || previous === undefined || (number - previous + frames) % frames > 2;
  }).length;
}

function wrongPictures(
  published: readonly SentFrame[],
  { offsets }: FrameComparison,
  pictures: readonly SeenPicture[],
): number {
  const byTime = new Map(published.map((frame) => [frame.atMicros, frame]));
  let wrong = Math.abs(pictures.length - offsets.length);
  for (const [index, picture] of pictures.entries()) {
    const offset = offsets[index];
    const frame = offset && byTime.get(offset.atMicros);
    if (!offset || !frame) continue;
    const { clip } = frame;
    const isRight =
      picture.number === frame.index &&
      picture.size === `${clip.width}x${clip.height}` &&
      Math.abs(picture.timeMs - offset.timeMicros / 1000) <= TIME_TOLERANCE_MS;
    if (!isRight) wrong += 1;
  }
  return wrong;
}

function sizesOf(pictures: readonly SeenPicture[]): string[] {
  return pictures.map(({ size }) => size).filter((size, index, all) => size !== all[index - 1]);
}

function syncOf({ pictures, beepsMs }: ReadBack): number | undefined {
  const flashes = pictures.filter(
    ({ isFlash, timeMs }, index) => isFlash && !pictures[index - 1]?.isFlash && timeMs >= SYNC_SETTLED_MS,
  );
  const offsets = flashes.flatMap(({ timeMs }) => {
    const distances = beepsMs.map((beepMs) => Math.abs(beepMs - timeMs)).filter((distance) => distance < 500);
    return distances.length === 0 ? [] : [Math.min(...distances)];
  });
  offsets.sort((a, b) => a - b);
  return offsets[Math.ceil(offsets.length * 0.95) - 1];
}
