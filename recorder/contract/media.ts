/**
 * What a recording is made of, as the recorder reports it and the control plane stores and serves it.
 * Times inside a recording are integer microseconds on its own clock, which starts at 0.
 */
import { z } from 'zod';

/** The codecs a recording can hold. Names are the field's, in lower case. */
export const codecSchema = z.enum(['vp8', 'vp9', 'av1', 'h264', 'h265', 'opus', 'pcmu', 'pcma']);
export type Codec = z.infer<typeof codecSchema>;

/** LiveKit's track sources that can be recorded. */
export const trackSourceSchema = z.enum(['camera', 'microphone', 'screen_share', 'screen_share_audio']);
export type TrackSource = z.infer<typeof trackSourceSchema>;

/**
 * What becomes of video after a loss that could not be repaired, until the next keyframe: it refers to a frame that is not
 * there. `keep`: it is recorded, and a decoder makes of it what it can. `drop`: it is left out, counted and listed as a gap.
 */
export const undecodableSchema = z.enum(['keep', 'drop']);
export type Undecodable = z.infer<typeof undecodableSchema>;

/** A recording has one medium per picture: the camera with its microphone, the screen with its audio. */
export const mediumSchema = z.enum(['camera', 'screen']);
export type Medium = z.infer<typeof mediumSchema>;

export const containerSchema = z.enum(['webm', 'mp4']);
export type Container = z.infer<typeof containerSchema>;

/** MIME type by container, for media with and without a picture. */
export function contentTypeOf(container: Container, hasVideo: boolean): string {
  return `${hasVideo ? 'video' : 'audio'}/${container}`;
}

/**
 * One object in the store: a complete small file (header and one cluster, or header and one fragment) that any
 * player opens. Bytes from `headerBytes` on can be appended to an earlier segment of the same `part`.
 */
export const storedSegmentSchema = z.object({
  medium: mediumSchema,
  /** Counts from 1 within a medium of an attempt, without a hole. */
  sequence: z.int().positive(),
  /** Counts from 1; grows when tracks or codecs change, so that the header is another one. */
  part: z.int().positive(),
  container: containerSchema,
  key: z.string().min(1).max(512),
  headerBytes: z.int().nonnegative(),
  sizeBytes: z.int().positive(),
  /** Lower-case hex of the whole object. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  startMicros: z.int().nonnegative(),
  endMicros: z.int().nonnegative(),
  hasVideo: z.boolean(),
});
export type StoredSegment = z.infer<typeof storedSegmentSchema>;

/** Why a stretch of a recording has no media. */
export const gapReasonSchema = z.enum([
  'muted',
  'unpublished',
  'packet-loss',
  'timestamp-jump',
  'paused',
  'participant-away',
  'recorder-away',
  /** Audio only: nobody spoke and the publisher sent nothing (DTX); listed from one second on. */
  'silence',
]);
export type GapReason = z.infer<typeof gapReasonSchema>;

export const gapSchema = z.object({
  medium: mediumSchema,
  kind: z.enum(['video', 'audio']),
  fromMicros: z.int().nonnegative(),
  /** Equal to `fromMicros` while the gap is still open. */
  toMicros: z.int().nonnegative(),
  reason: gapReasonSchema,
  /** `paused` only: how long the pause was that the recording leaves out. `toMicros` is equal to `fromMicros` then, or almost. */
  cutMicros: z.int().positive().optional(),
});
export type Gap = z.infer<typeof gapSchema>;

const count = z.int().nonnegative();
/** By reason. The words are the recorder's own, a few dozen at most. */
const countsByReason = z.record(z.string(), count);

/**
 * What was counted and measured of a track. `addFigures` (add-figures.ts) adds those of several attempts or tracks: they
 * are sums, but for those whose comment begins with another word. Rows of before a figure was kept have its default.
 */
export const trackFiguresSchema = z.object({
  /** Frames that are in the recording; how many of them are keyframes, and their bytes. */
  frames: count,
  keyframes: count,
  sizeBytes: count,
  /** How much media they are, holes left out: what bitrate and frame rate are taken over. */
  mediaMs: count.default(0),
  /** Frames that are whole because packets of theirs were repaired. */
  framesRepaired: count.default(0),
  packetsReceived: count,
  /** Of those received: had been lost, and came by a retransmission or by redundancy (RTX, RED). */
  packetsRepaired: count,
  /** Never came, or too late. */
  packetsLost: count,
  /** Packets that hold nothing, or nothing new, by reason: `padding`, `server-filler`, `unknown-payload`, `late-or-duplicate`. */
  packetsIgnored: countsByReason.default({}),
  /** Frames that arrived, at least in part, but were not stored, by reason (a drop is counted, never thrown). */
  framesDropped: countsByReason,
  /**
   * How far the step from frame to frame is from the usual one. Steps that make a hole are gaps, and no jitter.
   * Average by frames, and maximum.
   */
  presentationJitterMs: z
    .object({ average: z.number().nonnegative(), maximum: z.number().nonnegative() })
    .default({ average: 0, maximum: 0 }),
  /** Maximum: the longest time without a packet, mutes included. */
  longestQuietMs: count.default(0),
  /**
   * Average by frames: from the arrival of a frame's last packet until it is in a segment, of one frame in 32. Waiting for
   * a lost packet before it is part of it.
   */
  processingMicros: z.number().nonnegative().default(0),
  /** Newest: interarrival jitter (RFC 3550 section 6.4.1) and round trip to the server. */
  jitterMs: z.number().nonnegative().optional(),
  roundTripMs: z.number().nonnegative().optional(),
});
export type TrackFigures = z.infer<typeof trackFiguresSchema>;

/** More are not listed: a publisher that changes its size all the time must not make reports grow for ever. */
export const LISTED_RESOLUTIONS_MAXIMUM = 100;

/** One recorded source in one codec, as far as it is known. `mergeTracks` (merge-tracks.ts) joins those of several attempts. */
export const trackSummarySchema = trackFiguresSchema.extend({
  medium: mediumSchema,
  source: trackSourceSchema,
  kind: z.enum(['video', 'audio']),
  codec: codecSchema,
  /** Newest: pixels of the newest frame; video only. */
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  /** Every size it had and from when on, the first one included; times move with their attempt. Video only. */
  resolutions: z
    .array(z.object({ fromMicros: count, width: z.int().positive(), height: z.int().positive() }))
    .max(LISTED_RESOLUTIONS_MAXIMUM)
    .default([]),
});
export type TrackSummary = z.infer<typeof trackSummarySchema>;

/** A finished, seekable file. */
export const finishedMediaSchema = z.object({
  medium: mediumSchema,
  key: z.string().min(1).max(512),
  contentType: z.string(),
  sizeBytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  durationMs: z.int().nonnegative(),
  /** Where on the recording's clock the file's time 0 lies; absent: at its beginning. */
  startMs: z.int().nonnegative().optional(),
});
export type FinishedMedia = z.infer<typeof finishedMediaSchema>;

/**
 * Everything needed to rebuild a recording from the store alone. Written as `manifest.json` beside the segments
 * of an attempt when it ends, and assembled from the spool or the database at any time before.
 */
export const recordingManifestSchema = z.object({
  recordingId: z.uuid(),
  attemptId: z.uuid(),
  epoch: z.int().positive(),
  /** Wall clock of presentation time 0, Unix milliseconds. */
  startedAtUnixMs: z.int(),
  tracks: z.array(trackSummarySchema),
  segments: z.array(storedSegmentSchema),
  gaps: z.array(gapSchema),
});
export type RecordingManifest = z.infer<typeof recordingManifestSchema>;
