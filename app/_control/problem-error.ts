import type { Problem } from './api.ts';

/** Every way a request can be refused: one table of code → status and title. */
const problems = {
  'bad-request': { status: 400, title: 'The request is not valid' },
  unauthorised: { status: 401, title: 'Sign in or send an API key' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'already-recording': { status: 409, title: 'Already being recorded' },
  conflict: { status: 409, title: 'Not possible in this state' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'range-not-satisfiable': { status: 416, title: 'The range lies outside of the media' },
  invalid: { status: 422, title: 'The request has invalid fields' },
  'too-many': { status: 429, title: 'Too many at once' },
  internal: { status: 500, title: 'Something went wrong here' },
  'livekit-unreachable': { status: 503, title: 'LiveKit does not answer' },
  'storage-unreachable': { status: 503, title: 'The storage does not answer' },
  'database-unreachable': { status: 503, title: 'The database does not answer' },
} as const;
export type ProblemCode = keyof typeof problems;

export type ProblemExtras = Pick<Problem, 'fields' | 'recordingId'> & { headers?: Record<string, string> };

/** A refusal with a sentence for the person who asked. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;

  /** By name: Next.js bundles modules several times, and what the one control plane throws is of another copy. */
  static override [Symbol.hasInstance](value: unknown): value is ProblemError {
    return value instanceof Error && value.name === 'ProblemError';
  }

  constructor(
    readonly code: ProblemCode,
    /** A sentence a person can act on. */
    readonly detail: string,
    readonly extras: ProblemExtras = {},
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.status = problems[code].status;
  }

  toProblem(): Problem {
    const { headers: _, ...fields } = this.extras;
    return {
      type: `urn:problem:${this.code}`,
      title: problems[this.code].title,
      status: this.status,
      detail: this.detail,
      ...fields,
    };
  }
}

/** For ids that name nothing: whether there ever was such a thing is not said. */
export function notFound(what: string): ProblemError {
  return new ProblemError('not-found', `There is no such ${what}. It may have been deleted.`);
}
