import type { Problem } from '../../_control/api.ts';

/** What the server refused, in its own words (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  /** The message of a request field, by its path in the request (`roomPattern`, `metadata.team`). */
  fieldMessages(): Record<string, string> {
    return Object.fromEntries((this.problem.fields ?? []).map((field) => [field.path, field.message]));
  }
}

/** What a toast says of a failure. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiProblem) return error.message;
  console.error(error);
  return 'Something went wrong in this page. Reload it.';
}

/** On the window, when an answer says that the session has ended. The page stays, with what was typed into it. */
export const signedOutEvent = 'recorder-signed-out';

/** The one way the pages change anything: JSON in, JSON out, every failure an `ApiProblem` with a sentence. */
export async function callApi<Answer>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch {
    throw new ApiProblem(ownProblem(0, 'The server cannot be reached. Check the connection and try again.'));
  }
  // Signing in itself says what is wrong.
  if (response.status === 401 && window.location.pathname !== '/sign-in') {
    window.dispatchEvent(new Event(signedOutEvent));
    throw new ApiProblem(ownProblem(401, 'You were signed out. Sign in again.'));
  }
  if (!response.ok) throw new ApiProblem(await problemOf(response));
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = ownProblem(response.status, `The server answered ${response.status}. Try again in a moment.`);
  if (!response.headers.get('content-type')?.includes('json')) return fallback;
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}

function ownProblem(status: number, detail: string): Problem {
  return { type: 'about:blank', title: 'Request failed', status, detail };
}
