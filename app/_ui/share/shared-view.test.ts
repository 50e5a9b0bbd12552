import { expect, test } from 'vitest';
import type { Recording } from '../../_control/api.ts';
import { sharedView, withPass } from './shared-view.ts';

const recording = {
  id: 'secret id',
  identity: 'ann',
  ruleId: 'secret rule',
  tracks: [{ id: 'secret track', kind: 'video', framesPerSecond: 24 }],
  media: [{ url: '/api/v1/recordings/1/media?medium=camera&part=2' }],
  posterUrl: '/api/v1/recordings/1/poster?v=5',
  storyboardUrl: '/api/v1/recordings/1/storyboard.vtt?v=5',
} as unknown as Recording;

test('everything that is shown has an address of the share, and ids of the recording stay here', () => {
  const view = sharedView(recording, 'tok');
  expect(view).toMatchObject({
    media: [{ url: '/s/tok/media?medium=camera&part=2' }],
    framesPerSecond: 24,
    posterUrl: '/s/tok/poster?v=5',
    storyboardUrl: '/s/tok/storyboard.vtt?v=5',
  });
  expect(JSON.stringify(view)).not.toContain('secret');
});

test('in a frame each address carries the pass', () => {
  const view = withPass(sharedView({ ...recording, posterUrl: null }, 'tok'), 'a.1.b');
  expect(view.media[0]?.url).toBe('/s/tok/media?medium=camera&part=2&pass=a.1.b');
  expect([view.posterUrl, view.storyboardUrl]).toEqual([null, '/s/tok/storyboard.vtt?v=5&pass=a.1.b']);
});
