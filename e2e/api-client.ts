/** The public HTTP API, as a script with an API key uses it. */
import type { CreatedShare, CreateRuleRequest, Recording, Rule } from '../app/_control/api.ts';
import type { Product } from './product.ts';

export interface DemoParticipant {
  room: string;
  identity: string;
  size: string;
  /** How long it stays. */
  seconds: number;
  [more: string]: unknown;
}

export class ApiClient {
  constructor(private readonly product: Pick<Product, 'origin' | 'adminApiKey'>) {}

  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(new URL(path, this.product.origin), {
      method,
      headers: {
        authorization: `Bearer ${this.product.adminApiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async json<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  }

  /** Few may be there at once: those of other tests, who leave by themselves, may have to leave first. */
  async addDemoParticipant(wish: DemoParticipant): Promise<void> {
    const until = performance.now() + 120_000;
    for (;;) {
      const response = await this.request('POST', '/api/v1/demo-participants', wish);
      if (response.ok) return;
      const text = await response.text();
      if (response.status !== 429 || performance.now() > until) throw new Error(`${response.status} ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  createRule(rule: CreateRuleRequest): Promise<Rule> {
    return this.json('POST', '/api/v1/rules', rule);
  }

  createShare(recordingId: string): Promise<CreatedShare> {
    return this.json('POST', `/api/v1/recordings/${recordingId}/shares`, {});
  }

  async recordingsOf(room: string): Promise<Recording[]> {
    const page = await this.json<{ items: Recording[] }>('GET', `/api/v1/recordings?room=${encodeURIComponent(room)}`);
    return page.items;
  }

  /** Waits until the room has a recording for which `holds` is true. */
  recordingWhere(room: string, holds: (recording: Recording) => boolean, withinMs = 60_000): Promise<Recording> {
    return waitFor(() => this.recordingsOf(room), holds, withinMs);
  }

  /** Finishing takes a moment after Stop. */
  anyRecordingReady(): Promise<Recording> {
    const list = () => this.json<{ items: Recording[] }>('GET', '/api/v1/recordings');
    return waitFor(
      async () => (await list()).items,
      ({ status }) => status === 'ready',
      20_000,
    );
  }

  async media(recording: Recording): Promise<Uint8Array> {
    const response = await this.request('GET', `/api/v1/recordings/${recording.id}/media`);
    if (!response.ok) throw new Error(`media: ${response.status} ${await response.text()}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

async function waitFor(
  list: () => Promise<Recording[]>,
  holds: (recording: Recording) => boolean,
  withinMs: number,
): Promise<Recording> {
  const until = performance.now() + withinMs;
  let seen: Recording[] = [];
  while (performance.now() < until) {
    seen = await list();
    const found = seen.find(holds);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no such recording within ${withinMs} ms; seen: ${JSON.stringify(seen)}`);
}
