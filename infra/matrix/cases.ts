/** The rows of the matrix that are short enough for `npm test`. */
import {
  beepAudio,
  hardAudio,
  numberedVideo,
  type VideoClipPlan,
  type VideoEncoder,
} from '../publisher/clip/clip-plan.ts';
import type { MatrixCase, PlannedTrack, Step } from './matrix-case.ts';

/** Two seconds of picture. */
const FRAMES = 60;
const CLIP_SECONDS = 4;

/** Short, since a machine that has never run the tests encodes them all first. */
export function numbered(encoder: VideoEncoder, changes: Partial<VideoClipPlan> = {}): VideoClipPlan {
  return numberedVideo(encoder, { seconds: CLIP_SECONDS, ...changes });
}

export function camera(encoder: VideoEncoder, more: Partial<PlannedTrack> = {}): PlannedTrack {
  return { source: 'camera', clips: [numbered(encoder)], ...more };
}

export function microphone(plan: Parameters<typeof hardAudio>[0] = {}, more: Partial<PlannedTrack> = {}): PlannedTrack {
  return { source: 'microphone', clips: [hardAudio(plan)], ...more };
}

const publish = (...tracks: PlannedTrack[]): Step => ({ do: 'publish', tracks });
const record = (track: 'camera' | 'microphone' | 'screen_share' | 'screen_share_audio', frames = FRAMES): Step => ({
  do: 'record',
  track,
  frames,
});

const encoders: Readonly<Record<VideoEncoder, string>> = {
  vp8: 'VP8',
  vp9: 'VP9 profile 0',
  'vp9-profile2': 'VP9 profile 2',
  av1: 'AV1',
  'h264-mode0': 'H.264 mode 0, baseline',
  'h264-baseline': 'H.264 mode 1, baseline',
  'h264-main': 'H.264 mode 1, main',
  'h264-high': 'H.264 mode 1, high',
  h265: 'H.265',
};

const codecs: MatrixCase[] = [
  ...(Object.keys(encoders) as VideoEncoder[]).map((encoder) => ({
    name: `${encoders[encoder]} with Opus`,
    steps: [publish(camera(encoder), microphone()), record('camera'), record('microphone', 20)],
  })),
  { name: 'Opus in stereo', steps: [publish(microphone()), record('microphone', 75)] },
  { name: 'Opus in mono', steps: [publish(microphone({ channels: 1, bitrateBps: 32_000 })), record('microphone', 75)] },
  { name: 'Opus in RED', steps: [publish(microphone({}, { red: true })), record('microphone', 75)] },
  {
    name: 'Opus with DTX',
    steps: [
      publish(microphone({}, { dtx: true })),
      record('microphone', 50),
      { do: 'discontinue', track: 'microphone', ms: 600 },
      record('microphone', 75),
    ],
  },
  { name: 'PCMU alone', steps: [publish(microphone({ codec: 'pcmu', channels: 1 })), record('microphone', 75)] },
  { name: 'PCMA alone', steps: [publish(microphone({ codec: 'pcma', channels: 1 })), record('microphone', 75)] },
  {
    name: 'VP8 with PCMU',
    steps: [publish(camera('vp8'), microphone({ codec: 'pcmu', channels: 1 })), record('camera')],
  },
  {
    name: 'H.264 with PCMA',
    steps: [publish(camera('h264-baseline'), microphone({ codec: 'pcma', channels: 1 })), record('camera')],
  },
];

const small = (encoder: VideoEncoder) => numbered(encoder, { width: 320, height: 180, bitrateBps: 200_000 });
const sized = (encoder: VideoEncoder, width: number, height: number): PlannedTrack =>
  camera(encoder, { clips: [numbered(encoder, { width, height, seconds: 4, bitrateBps: 1_500_000 })] });
const lockstep = { keyframeEvery: 30 } as const;

const shapes: MatrixCase[] = [
  { name: 'picture alone', steps: [publish(camera('vp8')), record('camera')], files: ['video/webm'] },
  {
    name: '1280x720',
    steps: [publish(sized('vp8', 1280, 720), microphone()), record('camera', 30)],
    sizes: ['1280x720'],
  },
  {
    name: '1920x1080',
    steps: [publish(sized('h264-high', 1920, 1080), microphone()), record('camera', 30)],
    sizes: ['1920x1080'],
  },
  { name: 'temporal layers of VP8', steps: [publish(withLayers('vp8', 3), microphone()), record('camera')] },
  { name: 'temporal layers of VP9', steps: [publish(withLayers('vp9', 3), microphone()), record('camera')] },
  {
    name: 'simulcast',
    isSimulcast: true,
    steps: [
      publish(
        {
          source: 'camera',
          // Of layers that do not jump to keyframes each by itself, the numbers stay together.
          answersKeyframeRequests: false,
          clips: [
            numbered('vp8', { width: 160, height: 90, bitrateBps: 100_000, ...lockstep }),
            numbered('vp8', { width: 320, height: 180, bitrateBps: 200_000, ...lockstep }),
            numbered('vp8', lockstep),
          ],
        },
        microphone(),
      ),
      record('camera', 120),
    ],
  },
  {
    name: 'a screen with its sound beside camera and microphone',
    steps: [
      publish(camera('vp8'), microphone()),
      record('camera', 20),
      publish(
        { source: 'screen_share', clips: [numbered('vp9')] },
        { source: 'screen_share_audio', clips: [hardAudio()] },
      ),
      record('screen_share'),
      record('screen_share_audio', 20),
    ],
    files: ['video/webm', 'video/webm'],
  },
  {
    name: 'two participants together',
    participants: ['alice', 'bob'],
    steps: [
      publish(camera('vp8'), microphone()),
      { by: 'bob', ...publish(camera('h264-baseline'), microphone()) },
      record('camera'),
      { by: 'bob', ...record('camera', 30) },
    ],
  },
  {
    name: 'two participants one after the other',
    participants: ['alice', 'bob'],
    steps: [
      publish(camera('vp8')),
      record('camera', 30),
      { do: 'leave' },
      { by: 'bob', ...publish(camera('vp8')) },
      { by: 'bob', ...record('camera', 30) },
    ],
  },
];

const events: MatrixCase[] = [
  {
    name: 'the picture muted',
    steps: [
      publish(camera('vp8'), microphone()),
      record('camera', 30),
      { do: 'mute', track: 'camera' },
      { do: 'see-gap', reason: 'muted' },
      record('microphone', 25),
      { do: 'unmute', track: 'camera' },
      record('camera', 30),
    ],
    gaps: ['video muted'],
  },
  {
    name: 'the sound muted',
    steps: [
      publish(camera('h264-baseline'), microphone()),
      record('microphone', 30),
      { do: 'mute', track: 'microphone' },
      { do: 'see-gap', reason: 'muted' },
      record('camera', 30),
      { do: 'unmute', track: 'microphone' },
      record('microphone', 30),
    ],
    gaps: ['audio muted'],
  },
  {
    name: 'the picture published again',
    steps: [
      publish(camera('vp8'), microphone()),
      record('camera', 30),
      { do: 'unpublish', track: 'camera' },
      { do: 'see-gap', reason: 'unpublished' },
      publish(camera('vp8')),
      record('camera', 30),
    ],
    files: ['video/webm'],
    gaps: ['video unpublished'],
  },
  {
    name: 'the picture published again in another codec',
    steps: [
      publish(camera('vp8'), microphone()),
      record('camera', 30),
      { do: 'unpublish', track: 'camera' },
      { do: 'see-gap', reason: 'unpublished' },
      publish(camera('h264-baseline')),
      record('camera', 30),
    ],
    files: ['video/webm', 'video/mp4'],
    gaps: ['video unpublished'],
  },
  {
    name: 'a picture that comes late',
    steps: [publish(microphone()), record('microphone', 75), publish(camera('h264-baseline')), record('camera', 30)],
    files: ['video/mp4'],
  },
  {
    name: 'sound that comes late',
    steps: [publish(camera('vp9')), record('camera', 45), publish(microphone()), record('microphone', 30)],
    files: ['video/webm'],
  },
  {
    name: 'recorders started and stopped ten times',
    steps: [
      publish(camera('vp8'), microphone()),
      ...Array.from({ length: 9 }, (): Step[] => [record('camera', 3), { do: 'restart-recorder' }]).flat(),
      record('camera', 3),
    ],
  },
  ...[100, 500, 1000].map((ms) => ({
    name: `a hole of ${ms} ms in what is sent`,
    steps: [
      publish(camera('vp8'), microphone()),
      record('camera', 30),
      { do: 'silence', track: 'camera', ms },
      record('camera', 30),
    ] as const,
    // 100 ms are the shortest gap that is listed.
    gaps: ms === 100 ? ('any' as const) : ['video timestamp-jump'],
  })),
  ...[100, 500, 1000, 3_600_000].map((ms) => ({
    name: `timestamps leap by ${ms} ms`,
    steps: [
      publish(camera('vp8'), microphone()),
      record('camera', 30),
      { do: 'leap', track: 'camera', ms },
      record('camera', 30),
    ] as const,
    // A leap that cannot be true is cut out.
    gaps: ms === 500 || ms === 1000 ? ['video timestamp-jump'] : [],
  })),
  ...(['vp8', 'vp9', 'av1', 'h264-baseline', 'h265'] as const).map((encoder) => ({
    name: `another size and back, ${encoders[encoder]}`,
    steps: [
      publish(camera(encoder), microphone()),
      record('camera', 20),
      { do: 'change-clips', track: 'camera', clips: [small(encoder)] },
      record('camera', 40),
      { do: 'change-clips', track: 'camera', clips: [numbered(encoder)] },
      record('camera', 20),
    ] as const,
    sizes: ['640x360', '320x180', '640x360'],
  })),
  {
    name: 'every twentieth packet lost before the server',
    steps: [publish(camera('vp8'), microphone({}, { red: true })), record('camera', 90)],
    loses: (count) => count % 20 === 0,
  },
  {
    name: 'a publisher that ignores requests for keyframes',
    steps: [publish(camera('h264-baseline', { answersKeyframeRequests: false }), microphone()), record('camera', 90)],
  },
];

const together: MatrixCase = {
  name: 'picture and sound together, by flashes and beeps',
  measuresSync: true,
  steps: [
    publish(camera('vp8', { answersKeyframeRequests: false, clips: [numbered('vp8', lockstep)] }), {
      source: 'microphone',
      clips: [beepAudio()],
    }),
    record('camera', 300),
  ],
};

export const shortCases = { codecs, shapes, events: [together, ...events] };

function withLayers(encoder: 'vp8' | 'vp9', temporalLayers: 2 | 3): PlannedTrack {
  return camera(encoder, { clips: [numbered(encoder, { temporalLayers })] });
}
