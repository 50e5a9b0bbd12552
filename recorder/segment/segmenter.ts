/**
 * Stage: segment. Cuts one medium (a picture and its sound) into small complete files.
 *
 * In:  TimedFrames of the medium as they come, roughly in order of time over both tracks.
 * Out: Segments in order. A segment holds what came within `segmentMs`, ordered by time, and does not begin with a
 *      keyframe unless one happens to be there: keyframes come when a receiver asks, not every segment.
 *      Silence in the sound is filled with packets of silence, see continuous-sound.ts.
 * Dropped and counted by the caller: H.264, H.265 and AV1 frames before the first keyframe that brings the parameter sets
 *      (`no-parameter-sets`); sound that comes when silence has taken its place (`late-sound`).
 * RFC 9559 (WebM), ISO/IEC 14496-12 (MP4); see webm-segment.ts and mp4-segment.ts.
 *
 * A segment is cut when a frame lies `segmentMs` behind its start, when its bytes reach a bound, or, if media stops, when
 * the clock says so.
 *
 * The part number grows when the header of the segments before would not fit: a track was added, a codec or the number
 * of channels changed. The codecs decide the container: WebM unless it cannot hold one of them. A header is written when its
 * segment is closed, so that tracks which start within the first segment are all in the first part. New parameter
 * sets and picture sizes make no new part, since decoders take them from the frames; the headers of segments that
 * start later carry them.
 */
import type { Container, Medium } from '../contract/media.ts';
import { frameDuration } from '../timeline/frame-duration.ts';
import type { TimedFrame } from '../timeline/timed-frame.ts';
import { av1Configuration } from './av1-configuration.ts';
import { avcConfiguration } from './avc-configuration.ts';
import { ContinuousSound } from './continuous-sound.ts';
import { FrameMemory } from './frame-memory.ts';
import { hevcConfiguration } from './hevc-configuration.ts';
import { mp4Header } from './mp4-header.ts';
import { mp4Segment } from './mp4-segment.ts';
import { type AudioFormat, containerFor, isVideoCodec, type PartFormat, type VideoFormat } from './part-format.ts';
import type { Segment } from './segment.ts';
import { vpConfiguration } from './vp-configuration.ts';
import { webmHeader, webmSegment } from './webm-segment.ts';

/** How long after its time a segment waits for the frame that cuts it: more than frames of one medium lie apart. */
const CLOCK_GRACE_MICROS = 200_000;
/** 32 Mbps for two seconds; with a hundred recordings the bound on memory. */
const SEGMENT_MAXIMUM_BYTES = 8_000_000;
const USUAL_VIDEO_MICROS = 33_333;
const LAST_VIDEO_MAXIMUM_MICROS = 200_000;
/** Only until a keyframe says it, which for VP8, VP9, AV1 and H.264 is the first frame. */
const UNKNOWN_SIZE = { width: 1280, height: 720 };

export interface SegmenterOptions {
  medium: Medium;
  segmentMs: number;
  maximumBytes?: number;
  onSegment(segment: Segment): void;
}

interface OpenSegment {
  frames: TimedFrame[];
  sizeBytes: number;
  startMicros: number;
  /** Monotonic clock. */
  openedAtMicros: number;
  /** Formats as its first frames have them. */
  video: VideoFormat | undefined;
  audio: AudioFormat | undefined;
}

interface Part {
  number: number;
  container: Container;
  hasVideo: boolean;
  hasAudio: boolean;
}

export class Segmenter {
  readonly #options: SegmenterOptions;
  readonly #segmentMicros: number;
  readonly #maximumBytes: number;
  readonly #sound = new ContinuousSound();
  readonly #memory = new FrameMemory();
  #open: OpenSegment | undefined;
  #video: VideoFormat | undefined;
  #audio: AudioFormat | undefined;
  #part: Part | undefined;
  /** A codec changed: the segment that is written next begins a part. */
  #partEnded = false;
  #sequence = 0;
  #header: { format: PartFormat; bytes: Buffer } | undefined;

  constructor(options: SegmenterOptions) {
    this.#options = options;
    this.#segmentMicros = options.segmentMs * 1000;
    this.#maximumBytes = options.maximumBytes ?? SEGMENT_MAXIMUM_BYTES;
  }

  /** Bytes held in memory. */
  get openBytes(): number {
    return this.#open?.sizeBytes ?? 0;
  }

  /** The frame is ours from now on. @returns why it was dropped, if it was. */
  add(frame: TimedFrame, channels = 2): 'no-parameter-sets' | 'late-sound' | undefined {
    const isVideo = isVideoCodec(frame.codec);
    if (!isVideo && this.#sound.isTaken(frame.presentationMicros)) return 'late-sound';
    if (isVideo ? !this.#learnVideo(frame) : !this.#learnAudio(frame, channels)) return 'no-parameter-sets';

    const open = this.#open;
    if (
      open &&
      (frame.presentationMicros >= open.startMicros + this.#segmentMicros ||
        open.sizeBytes + frame.data.length > this.#maximumBytes)
    ) {
      this.close();
    }
    this.#open ??= {
      frames: [],
      sizeBytes: 0,
      startMicros: frame.presentationMicros,
      openedAtMicros: frame.receivedAtMicros,
      video: this.#video,
      audio: this.#audio,
    };
    this.#open.video ??= this.#video;
    this.#open.audio ??= this.#audio;
    frame.data = this.#memory.keep(frame.data);
    this.#open.frames.push(frame);
    this.#open.sizeBytes += frame.data.length;
    return undefined;
  }

  /** Closes a segment that no frame came to cut. @param nowMicros monotonic clock */
  tick(nowMicros: number): void {
    if (this.#open && nowMicros - this.#open.openedAtMicros >= this.#segmentMicros + CLOCK_GRACE_MICROS) this.close();
  }

  /** Emits what is open, if anything is. */
  close(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    const frames = this.#sound.fill(open.frames.sort((a, b) => a.presentationMicros - b.presentationMicros));

    const part = this.#partFor(open);
    const header = this.#headerFor({ container: part.container, video: open.video, audio: open.audio });
    this.#sequence += 1;
    const bytes = part.container === 'webm' ? webmSegment(header, frames) : mp4Segment(header, frames, this.#sequence);
    const endMicros = endOf(frames);
    this.#memory.giveBack();
    this.#options.onSegment({
      medium: this.#options.medium,
      sequence: this.#sequence,
      part: part.number,
      container: part.container,
      bytes,
      headerBytes: header.length,
      startMicros: frames[0]?.presentationMicros ?? open.startMicros,
      endMicros,
      hasVideo: part.hasVideo,
    });
  }

  /** Takes the format from a keyframe. @returns false while there is none. */
  #learnVideo(frame: TimedFrame): boolean {
    const known = this.#video?.codec === frame.codec ? this.#video : undefined;
    if (!frame.isKeyframe) return known !== undefined;
    const configuration = configurationOf(frame) ?? known?.configuration;
    if (!configuration && needsConfiguration(frame)) return false;
    const width = frame.width ?? known?.width ?? UNKNOWN_SIZE.width;
    const height = frame.height ?? known?.height ?? UNKNOWN_SIZE.height;
    if (known && known.width === width && known.height === height && equal(known.configuration, configuration)) {
      return true;
    }
    if (this.#video && !known) this.#endPart();
    this.#video = { codec: frame.codec, width, height, configuration };
    return true;
  }

  #learnAudio(frame: TimedFrame, channels: number): true {
    if (this.#audio?.codec === frame.codec && this.#audio.channels === channels) return true;
    if (this.#audio) this.#endPart();
    this.#audio = { codec: frame.codec, channels };
    return true;
  }

  #endPart(): void {
    this.close();
    this.#partEnded = true;
  }

  #partFor(open: OpenSegment): Part {
    const part = this.#part;
    const container = containerFor(open.video?.codec, open.audio?.codec);
    const fits =
      part &&
      !this.#partEnded &&
      part.container === container &&
      part.hasVideo === (open.video !== undefined) &&
      part.hasAudio === (open.audio !== undefined);
    if (fits) return part;
    this.#partEnded = false;
    this.#part = {
      number: (part?.number ?? 0) + 1,
      container,
      hasVideo: open.video !== undefined,
      hasAudio: open.audio !== undefined,
    };
    return this.#part;
  }

  #headerFor(format: PartFormat): Buffer {
    const made = this.#header?.format;
    if (
      !this.#header ||
      made?.container !== format.container ||
      made.video !== format.video ||
      made.audio !== format.audio
    ) {
      this.#header = { format, bytes: format.container === 'webm' ? webmHeader(format) : mp4Header(format) };
    }
    return this.#header.bytes;
  }
}

function needsConfiguration(frame: TimedFrame): boolean {
  return frame.codec === 'h264' || frame.codec === 'h265' || frame.codec === 'av1';
}

function configurationOf(frame: TimedFrame): Uint8Array | undefined {
  switch (frame.codec) {
    case 'h264':
      return avcConfiguration(frame.data);
    case 'h265':
      return hevcConfiguration(frame.data);
    case 'av1':
      return av1Configuration(frame.data);
    case 'vp8':
    case 'vp9':
      return vpConfiguration(frame.codec, frame.data);
    default:
      return undefined;
  }
}

function equal(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (!one || !other) return one === other;
  return Buffer.compare(one, other) === 0;
}

/** @param frames in order of time */
function endOf(frames: readonly TimedFrame[]): number {
  let endMicros = 0;
  let lastVideoMicros: number | undefined;
  let videoIntervalMicros = USUAL_VIDEO_MICROS;
  for (const frame of frames) {
    let durationMicros = frameDuration(frame);
    if (durationMicros === undefined) {
      // A picture stands as long as the one before it did, but not for a hole.
      const intervalMicros = frame.presentationMicros - (lastVideoMicros ?? Number.NEGATIVE_INFINITY);
      if (intervalMicros <= LAST_VIDEO_MAXIMUM_MICROS) videoIntervalMicros = intervalMicros;
      lastVideoMicros = frame.presentationMicros;
      durationMicros = videoIntervalMicros;
    }
    endMicros = Math.max(endMicros, frame.presentationMicros + durationMicros);
  }
  return endMicros;
}
