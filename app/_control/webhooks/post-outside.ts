/**
 * A POST to an address that somebody entered: only to where it may go, no redirect followed, at most so long, and of the
 * answer only the first bytes. What went wrong is a sentence for whoever entered it.
 */
import { Agent, request } from 'undici';
import { connectionErrorCode } from '../http/connection-error-code.ts';
import { firstBytes } from '../http/first-bytes.ts';
import { type Allowance, assertNoForbiddenAddress, ForbiddenAddressError, outsideLookup } from './outside-address.ts';

export interface OutsidePost {
  url: string;
  headers: Record<string, string>;
  body: string;
  allowance: Allowance;
  /** For everything: name, connection, answer. */
  timeoutMs: number;
  signal: AbortSignal;
}

export interface OutsideAnswer {
  /** Null: there was no answer. */
  status: number | null;
  durationMs: number;
  /** Its first bytes. */
  answer: string | null;
  /** Null: it was taken (2xx). */
  error: string | null;
}

const ANSWER_BYTES = 1_024;

/** Throws only when `signal` is aborted. */
export async function postOutside(post: OutsidePost): Promise<OutsideAnswer> {
  const fromMs = performance.now();
  const timeout = AbortSignal.timeout(post.timeoutMs);
  // One connection, made for this request, so that its address was looked at for this request.
  const agent = new Agent({
    connect: { lookup: outsideLookup(post.allowance), timeout: post.timeoutMs },
    maxHeaderSize: 16 * 1024,
    pipelining: 0,
  });
  try {
    assertNoForbiddenAddress(post.url, post.allowance);
    const { statusCode, body } = await request(post.url, {
      method: 'POST',
      headers: post.headers,
      body: post.body,
      dispatcher: agent,
      signal: AbortSignal.any([timeout, post.signal]),
    });
    const answer = await firstBytes(body, ANSWER_BYTES);
    return {
      status: statusCode,
      durationMs: Math.round(performance.now() - fromMs),
      answer,
      error: explainStatus(statusCode),
    };
  } catch (cause) {
    if (post.signal.aborted) throw cause;
    const durationMs = Math.round(performance.now() - fromMs);
    const error = timeout.aborted ? `No answer within ${post.timeoutMs / 1000} s.` : explainFailure(cause, post.url);
    return { status: null, durationMs, answer: null, error };
  } finally {
    await agent.destroy();
  }
}

function explainStatus(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) {
    return `It answered ${status}, a redirect, which is not followed: enter the address where it leads.`;
  }
  if (status === 401 || status === 403) return `It answered ${status}: it does not let us in.`;
  if (status === 404) return 'It answered 404: nothing is at this path.';
  if (status === 410) return 'It answered 410: it wants no more messages.';
  return `It answered ${status}; only 2xx counts as received.`;
}

function explainFailure(error: unknown, url: string): string {
  const { host, hostname } = new URL(url);
  if (error instanceof ForbiddenAddressError) return error.message;
  const code = connectionErrorCode(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `There is no address for the name ${hostname}.`;
  if (code === 'ECONNREFUSED') return `Nothing listens at ${host}.`;
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'It closed the connection without an answer.';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'Its answer has too many headers.';
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) return `Its TLS certificate is not trusted (${code}).`;
  if (/^ERR_SSL|EPROTO/.test(code)) return 'It does not speak TLS as it should: is it http:// rather than https://?';
  if (/^E(HOST|NET)UNREACH$|TIMEDOUT|TIMEOUT/.test(code)) return `${host} cannot be reached.`;
  return `The request failed${code === '' ? '' : ` (${code})`}.`;
}
