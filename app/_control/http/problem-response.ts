import type { Logger } from 'pino';
import { StorageError } from '../../../storage/object-store.ts';
import { ProblemError } from '../problem-error.ts';
import { describeError, isDatabaseUnreachable } from './describe-error.ts';

/** Any error → RFC 9457. What nobody foresaw is logged here and stays here. */
export function problemResponse(error: unknown, request: Request, log?: Logger): Response {
  const problem = asProblem(error);
  if (problem.status >= 500) {
    const { pathname } = new URL(request.url);
    const cause = problem.cause ?? error;
    // Share tokens are part of a path.
    const route = pathname.replace(/^\/s\/[^/]+/, '/s/…');
    const line = { method: request.method, route, error: describeError(cause) };
    if (problem.code !== 'internal') log?.warn(line, 'request.refused');
    else
      log?.error(
        { ...line, stack: cause instanceof Error && !('query' in cause) ? cause.stack : undefined },
        'request.failed',
      );
  }
  return new Response(JSON.stringify(problem.toProblem()), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.status === 503 && { 'retry-after': '2' }),
      ...problem.extras.headers,
    },
  });
}

function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof StorageError) {
    return new ProblemError(
      'storage-unreachable',
      `The storage could not do it: ${error.message}`,
      {},
      { cause: error },
    );
  }
  if (isDatabaseUnreachable(error)) {
    return new ProblemError(
      'database-unreachable',
      'The database cannot be reached. Try again in a moment.',
      {},
      { cause: error },
    );
  }
  return new ProblemError('internal', 'Something went wrong here. The log says what.', {}, { cause: error });
}
