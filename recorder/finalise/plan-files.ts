/**
 * Decides which files a recording becomes: one per medium, as long as one container can hold what was recorded.
 *
 * Parts of a medium follow each other in one file when their tracks have the same codecs, whether or not each part has
 * each track. A part whose picture or sound has another codec starts another file. Sound that was recorded alone (WebM) joins the
 * H.264 that follows it in MP4.
 */
import type { Container, Medium, StoredSegment } from '../contract/media.ts';
import { AUDIO_TRACK, VIDEO_TRACK } from '../segment/part-format.ts';
import { mp4SampleDescriptions } from './mp4-samples.ts';
import type { PlacedSegment } from './placed-segment.ts';
import type { ReadSegment } from './read-segments.ts';
import { webmField, webmTrackEntries } from './webm-blocks.ts';

const ELEMENT_CODEC_ID = 0x86;

/** A track as a segment's header describes it. */
export interface PlannedTrack {
  codec: string;
  container: Container;
  /** `stsd` (MP4) or `TrackEntry` (WebM), whole. */
  description: Buffer;
}

export interface PlannedFile {
  medium: Medium;
  container: Container;
  segments: PlacedSegment[];
  video: PlannedTrack | undefined;
  audio: PlannedTrack | undefined;
}

export async function planFiles(segments: readonly PlacedSegment[], readSegment: ReadSegment): Promise<PlannedFile[]> {
  const files: PlannedFile[] = [];
  for (const part of partsOf(segments)) {
    // Of the headers of a part the newest counts: it has the parameter sets and the picture size that most frames have.
    const newest = part.at(-1);
    if (!newest) continue;
    const { video, audio } = await readTracks(newest, readSegment);
    const file = files.at(-1);
    if (file && file.medium === newest.medium && fits(file.video, video) && fits(file.audio, audio)) {
      file.segments.push(...part);
      file.video = video ?? file.video;
      file.audio = audio ?? file.audio;
      if (newest.container === 'mp4') file.container = 'mp4';
    } else {
      files.push({ medium: newest.medium, container: newest.container, segments: [...part], video, audio });
    }
  }
  return files;
}

function fits(one: PlannedTrack | undefined, other: PlannedTrack | undefined): boolean {
  return !one || !other || one.codec === other.codec;
}

/** In order, one medium after the other. */
function partsOf(segments: readonly PlacedSegment[]): PlacedSegment[][] {
  const ordered = [...segments].sort(
    (a, b) => a.medium.localeCompare(b.medium) || a.attempt - b.attempt || a.part - b.part || a.sequence - b.sequence,
  );
  const parts: PlacedSegment[][] = [];
  for (const segment of ordered) {
    const previous = parts.at(-1)?.[0];
    const isSame =
      previous?.medium === segment.medium && previous.attempt === segment.attempt && previous.part === segment.part;
    if (isSame) parts.at(-1)?.push(segment);
    else parts.push([segment]);
  }
  return parts;
}

async function readTracks(segment: StoredSegment, readSegment: ReadSegment) {
  const bytes = await readSegment(segment, { startByte: 0, endByte: segment.headerBytes - 1 });
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, segment.headerBytes));
  const { container } = segment;
  const descriptions = container === 'mp4' ? mp4SampleDescriptions(segment, header) : webmTrackEntries(segment, header);
  const track = (number: number): PlannedTrack | undefined => {
    const description = descriptions.get(number);
    if (!description) return undefined;
    // stsd: box head, version, entry count, and then the size and the name of the entry.
    const codec =
      container === 'mp4'
        ? description.toString('latin1', 20, 24)
        : (webmField(segment, description.subarray(5), ELEMENT_CODEC_ID)?.toString('latin1') ?? '');
    return { codec: codec === 'A_OPUS' ? 'Opus' : codec, container, description };
  };
  return { video: track(VIDEO_TRACK), audio: track(AUDIO_TRACK) };
}
