import { TaskError } from '../task-error.ts';

/** The server answered the request for a socket with this status instead. */
export function refusedError(host: string, status: number, answer: string): TaskError {
  const said = answer.trim() === '' ? '' : ` (“${answer.trim()}”)`;
  if (status === 401 || status === 403) {
    return new TaskError(
      'livekit.refused',
      `LiveKit at ${host} refused the token with status ${status}${said}: check that the API key and secret are this server's and that its clock is right.`,
      'livekit',
      false,
    );
  }
  if (status === 404) {
    return new TaskError(
      'livekit.refused',
      `LiveKit at ${host} answered 404${said}: check the address, and that the room exists or may be created by joining.`,
      'livekit',
      false,
    );
  }
  const retryable = status >= 500 || status === 429;
  return new TaskError(
    retryable ? 'livekit.unreachable' : 'livekit.refused',
    `LiveKit at ${host} answered ${status}${said} instead of opening a connection: look at its logs.`,
    'livekit',
    retryable,
  );
}

export function unreachableError(host: string, cause: unknown): TaskError {
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new TaskError(
    'livekit.unreachable',
    `LiveKit at ${host} cannot be reached (${why}): check the address and that the server runs.`,
    'livekit',
    true,
    { cause },
  );
}

export function mediaUnreachableError(host: string): TaskError {
  return new TaskError(
    'livekit.media-unreachable',
    `LiveKit at ${host} can be reached, but no media comes from it: open its UDP ports to this machine, or give it a TURN server over UDP.`,
    'livekit',
    true,
  );
}
