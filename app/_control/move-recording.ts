import { type RecordingState, recordingMoves } from '../../db/recording-states.ts';
import type { AttemptState } from '../../recorder/contract/report.ts';

/** The recording state that a running attempt's state stands for; what its end means is decided by `decideNext`. */
export function stateOfAttempt(state: AttemptState): RecordingState {
  if (state === 'waiting') return 'starting';
  return state === 'ended' ? 'finalising' : state;
}

/**
 * Where a recording goes when its recorder says `wanted`: the state itself, or undefined when that is no legal move.
 * Reports are batched, so a short recording may skip states: what the table allows in several steps is one here.
 */
export function moveRecording(current: RecordingState, wanted: RecordingState): RecordingState | undefined {
  if (current === wanted) return current;
  if (recordingMoves[current].includes(wanted)) return wanted;
  // The participant went away and came back: it waits, but the recording has begun.
  if (wanted === 'starting' && (current === 'recording' || current === 'paused')) return current;
  const skipped: readonly RecordingState[] = ['starting', 'recording', 'finalising'];
  const reachable = skipped.some(
    (between) => recordingMoves[current].includes(between) && recordingMoves[between].includes(wanted),
  );
  const forward = wanted === 'paused' || wanted === 'ready';
  return forward && reachable ? wanted : undefined;
}
