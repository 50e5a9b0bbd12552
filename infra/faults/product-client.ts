/** The public HTTP API, as a program with an API key uses it; remembers which starts were acknowledged. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CreateRuleRequest, Recording, Rule } from '../../app/_control/api.ts';

const POLL_MS = 100;
const ANSWER_WITHIN_MS = 30_000;

export class ProductClient {
  readonly origin: string;
  /** Ids of recordings whose start was answered 201. */
  readonly acknowledged: string[] = [];
  readonly #adminApiKey: string;

  constructor({ origin, adminApiKey }: { origin: string; adminApiKey: string }) {
    this.origin = origin;
    this.#adminApiKey = adminApiKey;
  }

  async request(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(new URL(path, this.origin), {
      method,
      headers: {
        authorization: `Bearer ${this.#adminApiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  }

  async json<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  }

  async startRecording(room: string, identity = 'alice'): Promise<Recording> {
    const recording = await this.json<Recording>('POST', '/api/v1/recordings', { room, identity });
    this.acknowledged.push(recording.id);
    return recording;
  }

  async stopRecording(id: string): Promise<void> {
    const response = await this.request('POST', `/api/v1/recordings/${id}/stop`);
    // 409: it has ended by itself.
    if (!response.ok && response.status !== 409) throw new Error(`stop: ${response.status} ${await response.text()}`);
    await response.body?.cancel();
  }

  createRule(rule: CreateRuleRequest): Promise<Rule> {
    return this.json('POST', '/api/v1/rules', rule);
  }

  recording(id: string): Promise<Recording> {
    return this.json('GET', `/api/v1/recordings/${id}`);
  }

  async recordingsOf(room: string): Promise<Recording[]> {
    const path = `/api/v1/recordings?limit=200&room=${encodeURIComponent(room)}`;
    return (await this.json<{ items: Recording[] }>('GET', path)).items;
  }

  async until(id: string, condition: (recording: Recording) => boolean, withinMs: number, what: string) {
    let last: Recording | undefined;
    const found = await poll(withinMs, async () => {
      last = await this.recording(id).catch(() => last);
      return last && condition(last) ? last : undefined;
    });
    if (found) return found;
    const { status, error, durationMs } = last ?? {};
    throw new Error(`${what}: not within ${withinMs / 1000} s. It is ${JSON.stringify({ status, error, durationMs })}`);
  }

  /** The only recording of the room, as soon as the condition holds. */
  async untilInRoom(room: string, condition: (recording: Recording) => boolean, withinMs: number, what: string) {
    let last: Recording[] = [];
    const found = await poll(withinMs, async () => {
      last = await this.recordingsOf(room).catch(() => last);
      return last.find(condition);
    });
    if (found) return found;
    throw new Error(`${what}: not within ${withinMs / 1000} s. There are ${JSON.stringify(last.map((r) => r.status))}`);
  }

  async untilHealthy(withinMs = 30_000): Promise<void> {
    let last = 'no answer';
    const healthy = await poll(withinMs, async () => {
      const answer = await this.request('GET', '/api/health').catch(() => undefined);
      if (answer) last = await answer.text().catch(() => last);
      return answer?.ok || undefined;
    });
    if (!healthy) throw new Error(`The product is not healthy within ${withinMs / 1000} s: ${last}`);
  }
}

/** Undefined when the time is over. */
export async function poll<Found>(
  withinMs: number,
  look: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const until = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) return undefined;
    await delay(POLL_MS);
  }
}
