import { expect, it } from 'vitest';
import { addFigures, noFigures } from './add-figures.ts';
import type { TrackSummary } from './media.ts';
import { mergeTracks } from './merge-tracks.ts';

function track(change: Partial<TrackSummary> = {}): TrackSummary {
  return {
    ...noFigures(),
    medium: 'camera',
    source: 'camera',
    kind: 'video',
    codec: 'vp8',
    resolutions: [],
    ...change,
  };
}

it('adds what is counted, takes the larger of maxima and weighs averages by frames', () => {
  const first = {
    ...noFigures(),
    frames: 300,
    packetsLost: 1,
    framesDropped: { incomplete: 1 },
    presentationJitterMs: { average: 1, maximum: 9 },
    longestQuietMs: 500,
    processingMicros: 100,
    jitterMs: 5,
  };
  const second = {
    ...noFigures(),
    frames: 100,
    packetsLost: 2,
    framesDropped: { incomplete: 2, paused: 3 },
    presentationJitterMs: { average: 5, maximum: 7 },
    longestQuietMs: 900,
    processingMicros: 500,
    roundTripMs: 20,
  };
  expect(addFigures(first, second)).toMatchObject({
    frames: 400,
    packetsLost: 3,
    framesDropped: { incomplete: 3, paused: 3 },
    presentationJitterMs: { average: 2, maximum: 9 },
    longestQuietMs: 900,
    processingMicros: 200,
    jitterMs: 5,
    roundTripMs: 20,
  });
  expect(addFigures(noFigures(), noFigures())).toEqual(noFigures());
});

it('joins the same source in the same codec, with the newest size and all sizes on one clock', () => {
  const size = { width: 1280, height: 720 };
  const small = { width: 640, height: 360 };
  const earlier = [
    track({ ...size, frames: 10, resolutions: [{ fromMicros: 0, ...size }] }),
    track({ source: 'microphone', kind: 'audio', codec: 'opus', frames: 20 }),
  ];
  const later = [
    track({
      ...small,
      frames: 5,
      resolutions: [
        { fromMicros: 0, ...size },
        { fromMicros: 500_000, ...small },
      ],
    }),
    track({ codec: 'h264', frames: 7 }),
  ];
  expect(mergeTracks(earlier, later, 4_000_000)).toMatchObject([
    {
      codec: 'vp8',
      frames: 15,
      ...small,
      resolutions: [
        { fromMicros: 0, ...size },
        { fromMicros: 4_500_000, ...small },
      ],
    },
    { codec: 'opus', frames: 20 },
    { codec: 'h264', frames: 7 },
  ]);
});

it('reads tracks that were stored before some figures were kept', () => {
  const old = {
    medium: 'camera',
    source: 'camera',
    kind: 'video',
    codec: 'vp8',
    frames: 3,
    keyframes: 1,
    sizeBytes: 9,
  };
  const counts = { packetsReceived: 4, packetsRepaired: 0, packetsLost: 0, framesDropped: {} };
  const [merged] = mergeTracks([{ ...old, ...counts } as TrackSummary], [track({ frames: 2, longestQuietMs: 7 })]);
  expect(merged).toMatchObject({ frames: 5, longestQuietMs: 7, resolutions: [], packetsIgnored: {} });
});
