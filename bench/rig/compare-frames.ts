/**
 * What a publisher sent against what a finished file holds, frame by frame, by content: the recorder passes frames through
 * untouched, so each must be there with the bytes it was sent with.
 *
 * The file is read by mediabunny, not by what wrote it. Frames before the first one recorded were sent before the recorder was
 * there; what counts as missing lies between the first and the last.
 */
import { createHash } from 'node:crypto';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { readObus } from '../../infra/publisher/clip/read-obus.ts';
import type { PublishedTrack, SentFrame } from '../../infra/publisher/published-track.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

export interface FrameComparison {
  /** Between the first and the last recorded one. */
  sent: number;
  recorded: number;
  missing: number;
  /** In the file, but never sent, or out of order. */
  unexpected: number;
  /** How far presentation times are from when frames were sent, at worst, against the median. */
  worstTimingMs: number;
  /** The same, without the first three seconds, in which the first sender reports come. */
  settledTimingMs: number;
  /** Of every frame found. */
  offsets: FrameOffset[];
}

export interface FrameOffset {
  /** When it was sent, by the publisher's clock. */
  atMicros: number;
  /** Its presentation time in the file. */
  timeMicros: number;
  /** The difference of the two. */
  offsetMicros: number;
}

export interface RecordedFrame {
  /** As `hashOfSent` makes it of what was sent. */
  hash: string;
  timeMicros: number;
}

/** Annex B and length-prefixed forms of the same NAL units have the same hash; so do AV1 units with and without sizes. */
const hashes = new WeakMap<Uint8Array, string>();

export function compareFrames(sent: readonly SentFrame[], recorded: readonly RecordedFrame[]): FrameComparison {
  const sentHashes = sent.map(hashOfSent);
  const [first] = recorded;
  const candidates = sentHashes.flatMap((hash, index) => (hash === first?.hash ? [index] : []));
  let best: FrameComparison | undefined;
  for (const start of candidates) {
    const comparison = compareFrom(start, sent, sentHashes, recorded);
    if (!best || comparison.missing + comparison.unexpected < best.missing + best.unexpected) best = comparison;
  }
  if (best) return best;
  const nothing = { sent: 0, recorded: recorded.length, missing: 0, unexpected: recorded.length };
  return { ...nothing, ...timingOf([]), offsets: [] };
}

/** How far ahead a frame is looked for: more were not lost in one hole. */
const SEARCH_FRAMES = 3000;
/** A frame that is later than the one before it by so much is behind a hole, though its bytes are those that were sent next. */
const HOLE_MICROS = 200_000;

function compareFrom(
  start: number,
  sent: readonly SentFrame[],
  sentHashes: readonly string[],
  recorded: readonly RecordedFrame[],
): FrameComparison {
  const placeOf = (frame: RecordedFrame | undefined, from: number) => {
    const end = Math.min(sent.length, from + SEARCH_FRAMES);
    let place = from;
    while (place < end && sentHashes[place] !== frame?.hash) place += 1;
    return place === end ? Number.POSITIVE_INFINITY : place;
  };
  /** A publisher that is asked for a keyframe begins its clip anew: of several places behind a hole the one at the right time is it. */
  const placeInTime = (frame: RecordedFrame, from: number) => {
    const lastOffsetMicros = offsets.at(-1)?.offsetMicros;
    let best = from;
    if (lastOffsetMicros === undefined) return best;
    const farness = (place: number) => Math.abs(frame.timeMicros - (sent[place]?.atMicros ?? 0) - lastOffsetMicros);
    if (from === next && farness(from) < HOLE_MICROS) return best;
    for (let place = from + 1; place < Math.min(sent.length, from + SEARCH_FRAMES); place += 1) {
      if (sentHashes[place] === frame.hash && farness(place) < farness(best)) best = place;
    }
    return best;
  };
  let next = start;
  let missing = 0;
  let unexpected = 0;
  const offsets: FrameOffset[] = [];
  recorded.forEach((each, index) => {
    const nearest = placeOf(each, next);
    const place = Number.isFinite(nearest) ? placeInTime(each, nearest) : nearest;
    const frame = sent[place];
    // A clip comes round again, so a frame that is there twice seems to be far ahead: the one behind it knows better.
    if (!frame || (nearest > next && placeOf(recorded[index + 1], next) < nearest)) {
      unexpected += 1;
      return;
    }
    missing += place - next;
    const { timeMicros } = each;
    offsets.push({ atMicros: frame.atMicros, timeMicros, offsetMicros: timeMicros - frame.atMicros });
    next = place + 1;
  });
  return { sent: next - start, recorded: recorded.length, missing, unexpected, ...timingOf(offsets), offsets };
}

const SETTLED_AFTER_MICROS = 3_000_000;

function timingOf(offsets: readonly FrameOffset[]) {
  const median =
    offsets.map(({ offsetMicros }) => offsetMicros).sort((a, b) => a - b)[offsets.length >> 1] ?? Number.NaN;
  let worst = 0;
  let settled = 0;
  for (const { timeMicros, offsetMicros } of offsets) {
    const offMs = Math.abs(offsetMicros - median) / 1000;
    worst = Math.max(worst, offMs);
    if (timeMicros >= SETTLED_AFTER_MICROS) settled = Math.max(settled, offMs);
  }
  return { worstTimingMs: worst, settledTimingMs: settled };
}

export async function compareFile(
  bytes: Uint8Array,
  tracks: {
    video?: Pick<PublishedTrack, 'sent'> & Partial<Pick<PublishedTrack, 'layerCount'>>;
    audio?: Pick<PublishedTrack, 'sent'>;
  },
) {
  const { video, audio } = await readFrames(bytes);
  const pictures = video?.frames ?? [];
  const isSimulcast = (tracks.video?.layerCount ?? 1) > 1;
  const lowerLayers = tracks.video && isSimulcast ? countLowerLayers(tracks.video.sent, pictures) : 0;
  return {
    lowerLayers,
    video: tracks.video && compareFrames(tracks.video.sent, pictures.slice(lowerLayers)),
    audio: tracks.audio && compareFrames(tracks.audio.sent, audio?.frames ?? []),
  };
}

/** Frames in front of which none is of the simulcast layer that was sent as the highest. */
export function countLowerLayers(sent: readonly SentFrame[], recorded: readonly RecordedFrame[]): number {
  const known = new Set(sent.map(hashOfSent));
  return Math.max(
    0,
    recorded.findIndex(({ hash }) => known.has(hash)),
  );
}

type RecordedPacket = RecordedFrame & { data: Uint8Array };

/** What a file holds, as mediabunny reads it. */
export async function readFrames(bytes: Uint8Array) {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
  try {
    const [video, audio] = await Promise.all([input.getPrimaryVideoTrack(), input.getPrimaryAudioTrack()]);
    const read = async (track: typeof video | typeof audio) => {
      if (!track) return undefined;
      if (track.codec === 'ulaw' || track.codec === 'alaw') {
        return { codec: track.codec, frames: await g711Packets(bytes, track.codec) };
      }
      const frames: RecordedPacket[] = [];
      for await (const { data, timestamp } of new EncodedPacketSink(track).packets()) {
        frames.push({ hash: hashOfRecorded(data, track.codec), timeMicros: timestamp * 1_000_000, data });
      }
      return { codec: track.codec, frames };
    };
    return { video: await read(video), audio: await read(audio) };
  } finally {
    input.dispose();
  }
}

const G711_PACKET_BYTES = 160;
const G711_PACKET_MICROS = 20_000;

/** mediabunny takes each byte of G.711 for a sample of the container, of which it then sees a few: ffmpeg copies it all. */
async function g711Packets(bytes: Uint8Array, codec: 'ulaw' | 'alaw'): Promise<RecordedPacket[]> {
  const format = codec === 'ulaw' ? 'mulaw' : 'alaw';
  const { out } = await runFfmpeg(bytes, ['-map', '0:a:0', '-c:a', 'copy', '-f', format, '-']);
  return Array.from({ length: Math.floor(out.length / G711_PACKET_BYTES) }, (_, index) => {
    const data = out.subarray(index * G711_PACKET_BYTES, (index + 1) * G711_PACKET_BYTES);
    return { data, hash: hashOf([data]), timeMicros: index * G711_PACKET_MICROS };
  });
}

/** When every frame was sent against when it is shown. */
export async function frameOffsets(bytes: Uint8Array, tracks: Record<'video' | 'audio', Pick<PublishedTrack, 'sent'>>) {
  const { video, audio } = await compareFile(bytes, tracks);
  return { video: video?.offsets ?? [], audio: audio?.offsets ?? [] };
}

export function hashOfSent({ clip, index, sizeBytes }: SentFrame): string {
  const units = index === undefined ? undefined : clip.frames[index]?.units;
  const [first] = units ?? [];
  if (!units || !first) return `made up, ${sizeBytes} bytes`;
  let hash = hashes.get(first);
  if (hash === undefined) {
    hash = hashOf(units);
    hashes.set(first, hash);
  }
  return hash;
}

function hashOfRecorded(data: Uint8Array, codec: string | null): string {
  return hashOf(
    codec === 'avc' || codec === 'hevc' ? lengthPrefixedUnits(data) : codec === 'av1' ? readObus(data) : [data],
  );
}

/** Of the largest unit: parameter sets may have moved into the header of the file. */
function hashOf(units: readonly Uint8Array[]): string {
  const largest = units.reduce((most, unit) => (unit.length > most.length ? unit : most), new Uint8Array());
  return createHash('sha1').update(largest).digest('base64');
}

function lengthPrefixedUnits(data: Uint8Array): Uint8Array[] {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const units: Uint8Array[] = [];
  for (let position = 0; position + 4 <= data.length; ) {
    const end = position + 4 + view.getUint32(position);
    units.push(data.subarray(position + 4, end));
    position = end;
  }
  return units;
}
