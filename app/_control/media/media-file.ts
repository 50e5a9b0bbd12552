/**
 * What is served as one file: pieces of objects, one after the other. A finished file is one piece. What still
 * grows (or was never finished) is made of segments: the first one whole, of each later one what follows its header.
 */
import { findRecording } from '../../../db/queries/find-recording.ts';
import { listSegments } from '../../../db/queries/list-segments.ts';
import { summariseSegments } from '../../../db/queries/summarise-segments.ts';
import type { RecordingRow, SegmentRow } from '../../../db/schema.ts';
import { contentTypeOf, type Medium, mediumSchema } from '../../../recorder/contract/media.ts';
import type { Control } from '../control.ts';
import { notFound, ProblemError } from '../problem-error.ts';
import { choosePart } from '../recording-media.ts';

export interface MediaPiece {
  key: string;
  /** Of the object: the piece goes from here to its end. */
  startByte: number;
  sizeBytes: number;
}

export interface MediaFile {
  pieces: readonly MediaPiece[];
  sizeBytes: number;
  contentType: string;
  /** Strong: the same tag, the same bytes. */
  etag: string;
  /** `webm`, `mp4` */
  extension: string;
  recording: RecordingRow;
  finished: boolean;
}

/**
 * Without `attempt`, `part` and `through` it is everything there is now; with them, what it was when it was offered. What comes `after` a
 * segment has no header of its own, and no bytes as long as there is nothing.
 */
export interface MediaQuery {
  medium?: Medium;
  attempt?: string;
  part?: number;
  through?: number;
  from?: number;
  after?: number;
}

export async function openMedia(control: Control, recordingId: string, query: MediaQuery): Promise<MediaFile> {
  const recording = await findRecording(control.database.db, recordingId);
  if (!recording) throw notFound('recording');
  const pinned = [query.through, query.from, query.after].some((sequence) => sequence !== undefined);
  const finished = pinned ? undefined : findFinished(recording, query);
  return finished ?? openSegments(control, recording, query);
}

function findFinished(recording: RecordingRow, { medium, part = 1 }: MediaQuery): MediaFile | undefined {
  const wanted = medium ? [medium] : mediumSchema.options;
  const files = wanted
    .map((candidate) => recording.media.filter((file) => file.medium === candidate))
    .find((found) => found.length > 0);
  if (!files) return undefined;
  const media = files[part - 1];
  if (!media) throw new ProblemError('not-found', `This medium has ${files.length} parts.`);
  return {
    pieces: [{ key: media.key, startByte: 0, sizeBytes: media.sizeBytes }],
    sizeBytes: media.sizeBytes,
    contentType: media.contentType,
    etag: `"${media.sha256}"`,
    extension: media.key.slice(media.key.lastIndexOf('.') + 1),
    recording,
    finished: true,
  };
}

async function openSegments(control: Control, recording: RecordingRow, query: MediaQuery): Promise<MediaFile> {
  const parts = (await summariseSegments(control.database.db, [recording.id])).filter(
    (part) => query.attempt === undefined || part.attemptId === query.attempt,
  );
  const medium =
    query.medium ?? mediumSchema.options.find((candidate) => parts.some((part) => part.medium === candidate));
  const chosen = choosePart(
    parts.filter((part) => part.medium === medium && (query.part === undefined || part.part === query.part)),
  );
  if (!chosen) throw new ProblemError('not-found', 'There is nothing to play here (yet).');
  const all = await listSegments(control.database.db, chosen.attemptId, chosen.medium);
  const { after, from = after === undefined ? 1 : after + 1, through = Number.POSITIVE_INFINITY } = query;
  const ofPart = all.filter(({ part }) => part === chosen.part);
  const segments = leadingRun(
    ofPart.filter(({ sequence }) => sequence >= from && sequence <= through),
    Math.max(from, ofPart[0]?.sequence ?? 0),
  );
  if (segments.length === 0 && after === undefined) {
    throw new ProblemError('not-found', 'There is nothing more of it yet.');
  }
  const pieces = segments.map((segment, index): MediaPiece => {
    const startByte = index === 0 && after === undefined ? 0 : segment.headerBytes;
    return { key: segment.key, startByte, sizeBytes: segment.sizeBytes - startByte };
  });
  return {
    pieces,
    sizeBytes: pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0),
    contentType: contentTypeOf(chosen.container, chosen.hasVideo),
    etag: `"${chosen.attemptId}-${chosen.medium}-${chosen.part}-${after === undefined ? '' : 'after-'}${from === 1 ? '' : `${from}-`}${segments.at(-1)?.sequence ?? after ?? 0}"`,
    extension: chosen.container,
    recording,
    finished: false,
  };
}

/** Up to the first hole: a later segment may have been reported before an earlier one. */
function leadingRun(segments: readonly SegmentRow[], first: number): readonly SegmentRow[] {
  const hole = segments.findIndex((segment, index) => segment.sequence !== first + index);
  return hole < 0 ? segments : segments.slice(0, hole);
}
