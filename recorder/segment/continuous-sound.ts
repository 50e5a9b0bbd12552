/**
 * Keeps sound without holes: where a track is silent on the wire (DTX, mute, loss, the participant away), packets of
 * silence take the time.
 *
 * In:  the frames of a segment, ordered by time. Out: the same frames, and packets of silence between them.
 *
 * Needed because players other than ffmpeg play the sound of a file as one piece: Chromium plays packet after packet
 * whatever their times say, so that after ten seconds with DTX sound and picture are seconds apart. What such a player
 * has played is counted here:
 *
 *     played  = time of the first packet + durations of all packets since
 *     missing = time of the next packet − played
 *
 * and when a packet's worth is missing, silence of that length goes in front. So sound is never off by more than 20 ms,
 * small holes of a slewing clock included. Packets that came stay as they are.
 */
import type { Codec } from '../contract/media.ts';
import { frameDuration } from '../timeline/frame-duration.ts';
import type { TimedFrame } from '../timeline/timed-frame.ts';
import { isVideoCodec } from './part-format.ts';

const FILL_FROM_MICROS = 20_000;
/**
 * Sound may come this much behind the picture: up to there it is too early to call it silence. A packet that is missing holds
 * up those behind it for a second (rtp/jitter-buffer.ts), in which the picture goes on.
 */
const LATE_SOUND_MICROS = 1_200_000;
/** A participant that was away for longer leaves a hole: silence for hours at once would be a segment of its own. */
const FILL_MAXIMUM_MICROS = 600_000_000;
const STEP_MINIMUM_MICROS = 1000;

/** Longest first. */
const SILENCE_MICROS = [120_000, 20_000, 10_000, 5000, 2500] as const;

interface SilentPacket {
  durationMicros: number;
  data: Uint8Array;
}

/**
 * Opus (RFC 6716): a TOC byte for CELT in full band, mono, of 20, 10, 5 or 2.5 ms, and a frame that is its silence flag; the
 * first is six frames of 20 ms in one packet (section 3.2.5).
 */
const opusSilences: readonly SilentPacket[] = [
  Uint8Array.of(0xfb, 6, 0xff, 0xfe, 0xff, 0xfe, 0xff, 0xfe, 0xff, 0xfe, 0xff, 0xfe, 0xff, 0xfe),
  Uint8Array.of(0xf8, 0xff, 0xfe),
  Uint8Array.of(0xf0, 0xff, 0xfe),
  Uint8Array.of(0xe8, 0xff, 0xfe),
  Uint8Array.of(0xe0, 0xff, 0xfe),
].map((data, index) => ({ durationMicros: SILENCE_MICROS[index] ?? 0, data }));

/** G.711: one byte per sample; the value whose sample is 0. */
function g711Silences(zero: number): SilentPacket[] {
  return SILENCE_MICROS.map((durationMicros) => ({
    durationMicros,
    data: new Uint8Array(durationMicros / 125).fill(zero),
  }));
}

const silencesByCodec: Readonly<Partial<Record<Codec, readonly SilentPacket[]>>> = {
  opus: opusSilences,
  pcmu: g711Silences(0xff),
  pcma: g711Silences(0xd5),
};

export class ContinuousSound {
  /** Where a player that ignores times has got to; undefined before the first packet. */
  #playedMicros: number | undefined;
  #lastStartMicros = Number.NEGATIVE_INFINITY;
  #codec: Codec = 'opus';

  /** Appends silence to `frames` where it is missing; answers them in order of time. */
  fill(frames: TimedFrame[]): TimedFrame[] {
    const silence: TimedFrame[] = [];
    for (const frame of frames) {
      if (isVideoCodec(frame.codec)) continue;
      this.#codec = frame.codec;
      this.#fillUpTo(frame.presentationMicros, frame, silence);
      this.#played(frame);
    }
    const settled = lastSettled(frames);
    if (settled) this.#fillUpTo(settled.presentationMicros, settled, silence);
    if (silence.length === 0) return frames;
    return [...frames, ...silence].sort((a, b) => a.presentationMicros - b.presentationMicros);
  }

  /** Silence has its place already, or later sound. */
  isTaken(presentationMicros: number): boolean {
    return presentationMicros <= this.#lastStartMicros;
  }

  #played(frame: TimedFrame): void {
    this.#playedMicros = (this.#playedMicros ?? frame.presentationMicros) + (frameDuration(frame) ?? 0);
    this.#lastStartMicros = frame.presentationMicros;
  }

  #fillUpTo(endMicros: number, like: TimedFrame, silence: TimedFrame[]): void {
    if (this.#playedMicros === undefined) return;
    let missingMicros = endMicros - this.#playedMicros;
    if (missingMicros < FILL_FROM_MICROS) return;
    if (missingMicros > FILL_MAXIMUM_MICROS) {
      this.#playedMicros = endMicros;
      return;
    }
    for (const { durationMicros, data } of silencesByCodec[this.#codec] ?? []) {
      while (missingMicros >= durationMicros) {
        // The last packet of silence ends where the sound goes on.
        const presentationMicros = Math.round(endMicros - missingMicros);
        missingMicros -= durationMicros;
        if (presentationMicros < this.#lastStartMicros + STEP_MINIMUM_MICROS) continue;
        const packet: TimedFrame = {
          trackSid: like.trackSid,
          codec: this.#codec,
          presentationMicros,
          rtpTimestamp: 0,
          data,
          isKeyframe: true,
          afterLoss: false,
          receivedAtMicros: like.receivedAtMicros,
        };
        silence.push(packet);
        this.#played(packet);
      }
    }
  }
}

/**
 * The last frame by whose time no sound is on its way any more. Its age is that of its arrival: a process that stood still reads
 * seconds of the picture before it reads the sound to them.
 */
function lastSettled(frames: readonly TimedFrame[]): TimedFrame | undefined {
  const newestMicros = frames.reduce((newest, { receivedAtMicros }) => Math.max(newest, receivedAtMicros), 0);
  return frames.findLast(({ receivedAtMicros }) => receivedAtMicros <= newestMicros - LATE_SOUND_MICROS);
}
