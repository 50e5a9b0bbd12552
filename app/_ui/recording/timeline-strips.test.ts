import { expect, it } from 'vitest';
import type { Recording } from '../../_control/api.ts';
import { mergeNeighbours, timelineStrips } from './timeline-strips.ts';

type Track = Recording['tracks'][number];
const track = (change: Partial<Track>) =>
  ({ medium: 'camera', source: 'camera', kind: 'video', codec: 'vp8', resolutions: [], ...change }) as Track;
const gap = (change: Partial<Recording['gaps'][number]>) => {
  return { medium: 'camera' as const, kind: 'video' as const, fromMs: 0, toMs: 1000, reason: 'muted', ...change };
};

it('has one strip per source, with the gaps of its medium and kind', () => {
  const strips = timelineStrips({
    tracks: [
      track({ source: 'microphone', kind: 'audio', codec: 'opus' }),
      track({}),
      track({ codec: 'h264' }),
      track({ source: 'screen_share', medium: 'screen' }),
    ],
    gaps: [gap({}), gap({ kind: 'audio', reason: 'silence' }), gap({ medium: 'screen', reason: 'recorder-away' })],
  });
  expect(strips.map(({ name, items }) => [name, items.map(({ text }) => text)])).toEqual([
    ['Camera', ['Muted by the participant, 1.0 s']],
    ['Microphone', ['Nobody spoke, 1.0 s']],
    ['Screen', ['The recorder was away, 1.0 s']],
  ]);
});

it('tells other sizes and codecs where they begin, and pauses that were cut out as a moment', () => {
  const [strip] = timelineStrips({
    tracks: [
      track({
        resolutions: [
          { fromMs: 0, width: 640, height: 360 },
          { fromMs: 4000, width: 1280, height: 720 },
        ],
      }),
      track({ codec: 'h264', resolutions: [{ fromMs: 9000, width: 1280, height: 720 }] }),
    ],
    gaps: [gap({ reason: 'paused', fromMs: 6000, toMs: 6000, cutMs: 3000 })],
  });
  expect(strip?.items).toEqual([
    { fromMs: 4000, toMs: 4000, kind: 'change', text: 'From here 1280×720' },
    { fromMs: 6000, toMs: 6000, kind: 'paused', text: 'Recording was paused, 3.0 s cut out' },
    { fromMs: 9000, toMs: 9000, kind: 'change', text: 'From here 1280×720 in H.264' },
  ]);
});

it('draws thousands of losses as a bounded number of spans', () => {
  const [strip] = timelineStrips({
    tracks: [track({})],
    gaps: Array.from({ length: 10_000 }, (_, at) =>
      gap({ reason: 'packet-loss', fromMs: at * 360, toMs: at * 360 + 40 }),
    ),
  });
  const drawn = mergeNeighbours(strip?.items ?? [], 3_600_000);
  expect(drawn).toHaveLength(1);
  expect(drawn[0]).toMatchObject({ fromMs: 0, toMs: 3_599_680, text: '10000 times: Lost on the network, 40 ms' });
  const far = [0, 100_000, 200_000].map((fromMs) => ({ fromMs, toMs: fromMs + 1, kind: 'lost' as const, text: 'x' }));
  expect(mergeNeighbours(far, 3_600_000)).toEqual(far);
});
