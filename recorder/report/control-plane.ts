/**
 * The one request a recorder makes: `POST <CONTROL_URL>/api/recorder/reports`. In: a batch. Out: the reply, checked; a task in it
 * that makes no sense is left out and logged, so that the others are served.
 */
import type { Logger } from 'pino';
import { z } from 'zod';
import { type ReportBatch, type ReportReply, reportReplySchema } from '../contract/report.ts';
import { type TaskSpec, taskSpecSchema } from '../contract/task-spec.ts';

/** Beside the time it may wait for something to say. */
const answerWithinMs = 10_000;
/** 500 tasks of 4 KB. */
const mostReplyBytes = 4 * 1024 * 1024;

const looseReplySchema = reportReplySchema.extend({
  tasks: z.array(z.unknown()),
  preview: reportReplySchema.shape.preview.catch(undefined),
});

/** The control plane did not take a batch. `isRefused`: it read the batch and said no; the same will get the same answer. */
export class ControlPlaneError extends Error {
  constructor(
    message: string,
    readonly isRefused: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ControlPlaneError';
  }
}

export interface ControlPlaneOptions {
  /** CONTROL_URL. */
  url: string;
  /** WORKER_TOKEN of a pool worker, or the report token of a single task. */
  bearer: string;
  log: Logger;
}

export class ControlPlane {
  readonly #url: URL;
  readonly #bearer: string;
  readonly #log: Logger;

  constructor(options: ControlPlaneOptions) {
    this.#url = new URL(`${options.url.replace(/\/$/, '')}/api/recorder/reports`);
    this.#bearer = options.bearer;
    this.#log = options.log;
  }

  async exchange(batch: ReportBatch, signal?: AbortSignal): Promise<ReportReply> {
    signal?.throwIfAborted();
    // `AbortSignal.any` would leave something behind on a lasting signal with each request.
    const cancelled = new AbortController();
    const cancel = () => cancelled.abort();
    const limit = setTimeout(cancel, answerWithinMs + (batch.claim?.waitMs ?? 0));
    signal?.addEventListener('abort', cancel);
    let status: number;
    let text: string;
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify(batch),
        redirect: 'manual',
        signal: cancelled.signal,
      });
      status = response.status;
      text = await readText(response);
    } catch (error) {
      signal?.throwIfAborted();
      const reason = cancelled.signal.aborted ? 'it took too long' : whyFetchFailed(error);
      throw new ControlPlaneError(`The control plane at ${this.#url.origin} does not answer (${reason}).`, false, {
        cause: error,
      });
    } finally {
      clearTimeout(limit);
      signal?.removeEventListener('abort', cancel);
    }
    if (status !== 200) throw this.#failure(status, text);
    return this.#parse(text);
  }

  #parse(text: string): ReportReply {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      throw new ControlPlaneError(this.#speaksOtherwise(), false, { cause: error });
    }
    const reply = looseReplySchema.safeParse(json);
    if (!reply.success) throw new ControlPlaneError(this.#speaksOtherwise(), false, { cause: reply.error });
    const tasks: TaskSpec[] = [];
    for (const candidate of reply.data.tasks) {
      const task = taskSpecSchema.safeParse(candidate);
      if (task.success) tasks.push(task.data);
      else this.#log.error({ issues: z.prettifyError(task.error) }, 'task.unreadable');
    }
    return { ...reply.data, tasks };
  }

  #speaksOtherwise(): string {
    return `What answers at ${this.#url.href} is not a control plane of this version: check CONTROL_URL.`;
  }

  #failure(status: number, text: string): ControlPlaneError {
    if (status === 401 || status === 403) {
      return new ControlPlaneError(
        `The control plane at ${this.#url.origin} refuses this recorder's token (${status}): WORKER_TOKEN must be the same on both sides.`,
        false,
      );
    }
    const isRefused = status === 400 || status === 413 || status === 422;
    return new ControlPlaneError(
      `The control plane at ${this.#url.origin} answered ${status}: ${detailOf(text)}`,
      isRefused,
    );
  }
}

async function readText(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > mostReplyBytes) throw new Error(`the answer is longer than ${mostReplyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `detail` of a problem+json, else the beginning of what was said. */
function detailOf(text: string): string {
  try {
    const problem = z.object({ detail: z.string() }).safeParse(JSON.parse(text));
    if (problem.success) return problem.data.detail;
  } catch {
    // Not JSON.
  }
  return text.slice(0, 200) || 'nothing';
}

function whyFetchFailed(error: unknown): string {
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? cause?.message ?? message;
}
