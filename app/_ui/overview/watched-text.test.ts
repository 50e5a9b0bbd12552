import { expect, it } from 'vitest';
import type { Watched, WatchedTrack } from './watch-participant.ts';
import { soundText, stateText } from './watched-text.ts';

const received = (muted = false) => ({ sid: 'TR', muted, track: {} }) as WatchedTrack;
const pending = { ...received(), track: null };
const watched = (more: Partial<Watched> = {}): Watched => ({
  connection: 'open',
  isThere: true,
  camera: received(),
  screen: null,
  sounds: [received()],
  ...more,
});

it('says nothing over a picture that is there', () => {
  expect(stateText(watched())).toBeNull();
  expect(soundText(watched())).toBe('');
});

it('says of the connection first what is wrong with it', () => {
  expect(stateText(watched({ connection: 'lost', isThere: false }))).toMatch(/connection is lost/);
  expect(stateText(watched({ connection: 'reconnecting', camera: null }))).toBe('Reconnecting');
});

it('tells who has left from who shows nothing, and a camera that is off from a picture that has not come', () => {
  expect(stateText(watched({ isThere: false, camera: null }))).toBe('Not in the room at the moment');
  expect(stateText(watched({ camera: null }))).toBe('No video is published');
  expect(stateText(watched({ camera: received(true) }))).toBe('The camera is off');
  expect(stateText(watched({ camera: pending }))).toBe('Waiting for the picture');
});

it('speaks of the screen while one is shared', () => {
  expect(stateText(watched({ screen: received(true) }))).toBe('The screen is muted');
  expect(stateText(watched({ screen: received(), camera: received(true) }))).toBeNull();
});

it('says why nothing is heard', () => {
  expect(soundText(watched({ sounds: [] }))).toBe('No sound is published.');
  expect(soundText(watched({ sounds: [received(true)] }))).toBe('The microphone is muted.');
  expect(soundText(watched({ sounds: [received(true), received()] }))).toBe('');
});
