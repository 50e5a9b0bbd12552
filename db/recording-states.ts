/** The one list of recording states, from which the type, the zod enum and the Postgres enum derive. */
export const recordingStates = [
  'requested',
  'starting',
  'recording',
  'paused',
  'finalising',
  'ready',
  'failed',
  'absent',
] as const;
export type RecordingState = (typeof recordingStates)[number];

/** States in which the participant is taken: a second start is refused. */
export const activeStates = ['requested', 'starting', 'recording', 'paused'] as const satisfies RecordingState[];
/** States that nothing leaves. */
export const finalStates = ['ready', 'failed', 'absent'] as const satisfies RecordingState[];

/** Legal moves. What is not here is refused and logged. */
export const recordingMoves: Record<RecordingState, readonly RecordingState[]> = {
  requested: ['starting', 'recording', 'finalising', 'failed', 'absent'],
  starting: ['requested', 'recording', 'finalising', 'failed', 'absent'],
  recording: ['requested', 'paused', 'finalising', 'ready', 'failed'],
  paused: ['requested', 'recording', 'finalising', 'ready', 'failed'],
  finalising: ['ready', 'failed', 'absent'],
  ready: [],
  failed: [],
  absent: [],
};
