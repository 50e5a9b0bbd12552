/** Rows that take long, or that are the same again for another codec: `npm run test:long`. */
import type { TrackSource } from '../../recorder/contract/media.ts';
import type { VideoEncoder } from '../publisher/clip/clip-plan.ts';
import { camera, microphone, numbered } from './cases.ts';
import type { MatrixCase, Step } from './matrix-case.ts';

const encoders: VideoEncoder[] = [
  ...(['vp8', 'vp9', 'vp9-profile2', 'av1', 'h264-mode0', 'h264-baseline', 'h264-main', 'h264-high', 'h265'] as const),
];
const record = (track: TrackSource, frames: number): Step => ({ do: 'record', track, frames });
const publish = (encoder: VideoEncoder): Step => ({ do: 'publish', tracks: [camera(encoder), microphone()] });
const FRAMES_PER_SECOND = 30;

export const longCases: MatrixCase[] = [
  ...encoders.map((encoder) => ({
    name: `${encoder} for 30 s`,
    steps: [publish(encoder), record('camera', 30 * FRAMES_PER_SECOND)],
  })),
  ...[1, 10, 30].map((seconds) => ({
    name: `sound alone for ${seconds} s`,
    steps: [{ do: 'publish', tracks: [microphone()] } as const, record('microphone', seconds * 50)],
  })),
  ...encoders.map((encoder) => ({
    name: `${encoder} muted, published again, and with a hole`,
    steps: [
      publish(encoder),
      record('camera', 60),
      { do: 'mute', track: 'camera' },
      { do: 'see-gap', reason: 'muted' },
      record('microphone', 50),
      { do: 'unmute', track: 'camera' },
      record('camera', 60),
      { do: 'unpublish', track: 'camera' },
      { do: 'see-gap', reason: 'unpublished' },
      // LiveKit 1.11 passes on nothing of another profile of H.264 in a place where a track was before.
      { do: 'publish', tracks: [camera(encoder)] },
      record('camera', 60),
      { do: 'silence', track: 'camera', ms: 1000 },
      record('camera', 60),
    ] satisfies Step[],
    gaps: ['video muted', 'video unpublished', 'video timestamp-jump'],
  })),
  // Further ahead is behind, for 32 bits: LiveKit 1.11 then passes on nothing more.
  ...[2, 6].map((hours) => ({
    name: `timestamps leap by ${hours} h`,
    steps: [
      publish('h264-baseline'),
      record('camera', 60),
      { do: 'leap', track: 'camera', ms: hours * 3_600_000 },
      record('camera', 60),
    ] satisfies Step[],
  })),
  {
    name: 'two participants for 30 s',
    participants: ['alice', 'bob'],
    steps: [publish('vp8'), { by: 'bob', ...publish('h264-high') }, { by: 'bob', ...record('camera', 900) }],
  },
  {
    name: '1080p, 720p, 1080p',
    steps: [
      { do: 'publish', tracks: [camera('h264-high', { clips: [large(1920, 1080)] }), microphone()] },
      record('camera', 150),
      { do: 'change-clips', track: 'camera', clips: [large(1280, 720)] },
      record('camera', 150),
      { do: 'change-clips', track: 'camera', clips: [large(1920, 1080)] },
      record('camera', 150),
    ],
    sizes: ['1920x1080', '1280x720', '1920x1080'],
  },
  {
    name: 'a tenth of all packets lost before the server, for 30 s',
    steps: [
      { do: 'publish', tracks: [camera('vp8', { rtx: true }), microphone({}, { red: true })] },
      record('camera', 900),
    ],
    loses: (count) => count % 10 === 0,
  },
];

function large(width: number, height: number) {
  return numbered('h264-high', { width, height, seconds: 4, bitrateBps: 2_000_000 });
}
