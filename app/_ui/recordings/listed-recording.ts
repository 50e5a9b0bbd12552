import type { Recording } from '../../_control/api.ts';

/** What a row shows: all else of a recording stays on the server. */
export interface ListedRecording
  extends Pick<
    Recording,
    | 'id'
    | 'room'
    | 'identity'
    | 'status'
    | 'origin'
    | 'ruleId'
    | 'requestedAt'
    | 'startedAt'
    | 'durationMs'
    | 'sizeBytes'
    | 'error'
    | 'posterUrl'
  > {
  tracks: readonly Pick<Recording['tracks'][number], 'source' | 'kind' | 'codec'>[];
}

export function listed(recording: Recording): ListedRecording {
  const {
    id,
    room,
    identity,
    status,
    origin,
    ruleId,
    requestedAt,
    startedAt,
    durationMs,
    sizeBytes,
    error,
    posterUrl,
  } = recording;
  const tracks = recording.tracks.map(({ source, kind, codec }) => ({ source, kind, codec }));
  return {
    id,
    room,
    identity,
    status,
    origin,
    ruleId,
    requestedAt,
    startedAt,
    durationMs,
    sizeBytes,
    error,
    posterUrl,
    tracks,
  };
}
