/** What a clip shows and how it is encoded. Everything that changes the bytes is in here: it names the file in the cache. */

export type VideoEncoder =
  | 'vp8'
  | 'vp9'
  | 'vp9-profile2'
  | 'av1'
  /** Baseline in slices that fit a packet each: packetization mode 0 can send nothing else. */
  | 'h264-mode0'
  | 'h264-baseline'
  | 'h264-main'
  | 'h264-high'
  | 'h265';

export interface VideoClipPlan {
  kind: 'video';
  encoder: VideoEncoder;
  /**
   * - `hard`: a moving test picture under noise, which no encoder can predict
   * - `numbered`: the picture of the demo participant, whose frames carry their number and flash every second
   */
  picture: 'hard' | 'numbered';
  width: number;
  height: number;
  framesPerSecond: number;
  seconds: number;
  bitrateBps: number;
  /** Frames from keyframe to keyframe. A publisher that is asked for one jumps to the next. */
  keyframeEvery: number;
  /** VP8 and VP9 only. */
  temporalLayers: 1 | 2 | 3;
}

export interface AudioClipPlan {
  kind: 'audio';
  codec: 'opus' | 'pcmu' | 'pcma';
  /**
   * - `hard`: tones under noise
   * - `beeps`: 50 ms of 1 kHz at every full second, as the flashes of `numbered` pictures; silence between
   */
  sound: 'hard' | 'beeps';
  channels: 1 | 2;
  seconds: number;
  /** Opus only. */
  bitrateBps: number;
}

export type ClipPlan = VideoClipPlan | AudioClipPlan;

/** The content behind all figures: 720p30 that costs its bitrate. */
export function hardVideo(encoder: VideoEncoder, changes: Partial<VideoClipPlan> = {}): VideoClipPlan {
  return {
    kind: 'video',
    encoder,
    picture: 'hard',
    width: 1280,
    height: 720,
    framesPerSecond: 30,
    seconds: 20,
    bitrateBps: 2_100_000,
    keyframeEvery: 60,
    temporalLayers: 1,
    ...changes,
  };
}

/** 640x360 is enough for the numbers to survive any encoder. */
export function numberedVideo(encoder: VideoEncoder, changes: Partial<VideoClipPlan> = {}): VideoClipPlan {
  return hardVideo(encoder, { picture: 'numbered', width: 640, height: 360, bitrateBps: 600_000, ...changes });
}

/** 50 packets a second, 48 kHz stereo. */
export function hardAudio(changes: Partial<AudioClipPlan> = {}): AudioClipPlan {
  return { kind: 'audio', codec: 'opus', sound: 'hard', channels: 2, seconds: 20, bitrateBps: 64_000, ...changes };
}

export function beepAudio(changes: Partial<AudioClipPlan> = {}): AudioClipPlan {
  return hardAudio({ sound: 'beeps', ...changes });
}
