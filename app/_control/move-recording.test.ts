import { expect, test } from 'vitest';
import { finalStates, recordingStates } from '../../db/recording-states.ts';
import { moveRecording } from './move-recording.ts';

test('nothing leaves a final state', () => {
  for (const state of finalStates) {
    for (const wanted of recordingStates) {
      if (wanted !== state) expect(moveRecording(state, wanted), `${state} → ${wanted}`).toBeUndefined();
    }
  }
});

test.each([
  ['requested', 'ready', 'ready'],
  ['starting', 'ready', 'ready'],
  ['starting', 'paused', 'paused'],
  ['recording', 'starting', 'recording'],
  ['paused', 'starting', 'paused'],
  ['recording', 'absent', undefined],
  ['finalising', 'recording', undefined],
  ['finalising', 'requested', undefined],
  ['ready', 'failed', undefined],
] as const)('%s → %s is %s', (current, wanted, moved) => {
  expect(moveRecording(current, wanted)).toBe(moved);
});
