/** The HTTP API, and what it refuses in sentences. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Problem } from '../app/_control/api.ts';
import { CliError, type ExitCode, exitCodes } from './cli-error.ts';

export interface ApiAccess {
  url: string;
  key: string;
}

export interface Call {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

const PATIENCE_MS = 30_000;
const MOST_ATTEMPTS = 3;
const RETRY_AFTER_MS = 500;

export class ApiClient {
  constructor(private readonly access: ApiAccess) {}

  async json<Answer>(method: Method, path: string, call: Call = {}): Promise<Answer> {
    const response = await this.request(method, path, { signal: AbortSignal.timeout(PATIENCE_MS), ...call });
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  /** A POST that is sent again when its answer is lost, and done once (Idempotency-Key). */
  async jsonOnce<Answer>(path: string, body: unknown): Promise<Answer> {
    const headers = { 'idempotency-key': randomUUID() };
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.json<Answer>('POST', path, { body, headers });
      } catch (error) {
        const isLost = error instanceof CliError && error.exitCode === exitCodes.unreachable;
        if (!isLost || attempt === MOST_ATTEMPTS) throw error;
        await delay(RETRY_AFTER_MS);
      }
    }
  }

  /** Page after page, until there are enough. */
  async list<Item>(path: string, query: Record<string, string | undefined>, most: number): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Item> = await this.json('GET', `${path}?${queryOf({ ...query, cursor: cursor ?? undefined })}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && items.length < most);
    return items.slice(0, most);
  }

  /** Any answer that is no refusal. */
  async request(method: Method, path: string, { body, headers, signal }: Call = {}): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.access.url), {
        method,
        headers: {
          authorization: `Bearer ${this.access.key}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal,
      });
    } catch (cause) {
      throw new CliError(
        exitCodes.unreachable,
        `No recorder answers at ${this.access.url}. Check that it runs, and say where with --url or RECORDER_URL.`,
        { cause },
      );
    }
    if (response.ok || response.status === 416) return response;
    throw await refusalOf(response);
  }
}

async function refusalOf(response: Response): Promise<CliError> {
  const problem = await problemOf(response);
  const fields = (problem?.fields ?? []).map(({ path, message }) => `\n  ${path}: ${message}`).join('');
  const detail = problem?.detail ?? `It answered ${response.status}, as no recorder does. Check --url.`;
  if (response.status === 401) {
    return new CliError(exitCodes.refused, `${detail} Say the key with --key or RECORDER_API_KEY.`);
  }
  return new CliError(exitCodeOf(response.status), `${detail}${fields}`);
}

async function problemOf(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get('content-type')?.includes('problem+json')) return undefined;
  return (await response.json().catch(() => undefined)) as Problem | undefined;
}

function exitCodeOf(status: number): ExitCode {
  if (status === 400 || status === 422) return exitCodes.usage;
  if (status === 403) return exitCodes.refused;
  if (status === 404) return exitCodes.notFound;
  if (status === 409) return exitCodes.conflict;
  return exitCodes.failed;
}

function queryOf(query: Record<string, string | undefined>): URLSearchParams {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return new URLSearchParams(given);
}
