/** Whether LiveKit can be reached, lets us in and tells us what happens; if not, what to put right. */
import { AccessToken } from 'livekit-server-sdk';
import { Agent, request } from 'undici';
import { findNewestWebhookAt } from '../../../db/queries/find-newest-webhook.ts';
import type { Control } from '../control.ts';
import type { Environment } from '../environment.ts';
import { connectionErrorCode } from '../http/connection-error-code.ts';
import { firstBytes } from '../http/first-bytes.ts';
import type { Check } from '../settings-api.ts';

type Step = Check['steps'][number];

const PATIENCE_MS = 5_000;
/** LiveKit bears with a minute; recorders that join at the edge of it fail now and then. */
const CLOCK_OFF_MS = 20_000;
const ANSWER_BYTES = 4_096;

export async function checkLiveKit(control: Control): Promise<Check> {
  const steps = [...(await checkApi(control)), await checkWebhooks(control)];
  return { ok: steps.every(({ state }) => state !== 'fails'), steps };
}

interface Answer {
  status: number;
  date: string;
  text: string;
}

async function checkApi({ environment }: Control): Promise<Step[]> {
  const host = new URL(environment.livekitApiUrl).host;
  const fromMs = performance.now();
  const askedAtMs = Date.now();
  const answer = await listRooms(environment).catch((error: unknown) => explainNoAnswer(error, host));
  const durationMs = Math.round(performance.now() - fromMs);
  if (typeof answer === 'string') return [{ ...step('Reach', 'fails', answer), durationMs }];
  const isIn = answer.status === 200;
  return [
    { ...step('Reach', 'works', `${host} answers.`), durationMs },
    isIn
      ? step('Key and secret', 'works', 'LiveKit accepts them.')
      : step('Key and secret', 'fails', explainRefusal(answer, host)),
    ...checkClock(answer, (askedAtMs + Date.now()) / 2),
  ];
}

async function listRooms({ livekitApiUrl, livekitApiKey, livekitApiSecret }: Environment): Promise<Answer> {
  const token = new AccessToken(livekitApiKey, livekitApiSecret, { ttl: 60 });
  token.addGrant({ roomList: true });
  // A connection of its own: one that was kept from before says nothing about now.
  const agent = new Agent({ pipelining: 0 });
  try {
    const { statusCode, headers, body } = await request(`${livekitApiUrl}/twirp/livekit.RoomService/ListRooms`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token.toJwt()}`, 'content-type': 'application/json' },
      body: '{"names":["a room nobody has"]}',
      dispatcher: agent,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: statusCode, date: String(headers.date ?? ''), text: await firstBytes(body, ANSWER_BYTES) };
  } finally {
    await agent.destroy();
  }
}

function explainNoAnswer(error: unknown, host: string): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `${host} does not answer within ${PATIENCE_MS / 1000} s. Check LIVEKIT_URL, and that no firewall is in between.`;
  }
  const code = connectionErrorCode(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `There is no address for the name in ${host}. Check LIVEKIT_URL.`;
  }
  if (code === 'ECONNREFUSED') {
    return `Nothing listens at ${host}. Check that LiveKit runs and that LIVEKIT_URL is right.`;
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) return `The TLS certificate of ${host} is not trusted (${code}).`;
  if (/SSL|EPROTO/.test(code)) return `${host} does not speak TLS. Is LIVEKIT_URL ws:// rather than wss://?`;
  return `${host} cannot be reached${code === '' ? '' : ` (${code})`}. Check LIVEKIT_URL.`;
}

/** LiveKit says in words why a token is refused. Its answer repeats the token, so it is not shown. */
function explainRefusal({ status, text }: Answer, host: string): string {
  if (status !== 401 && status !== 403) {
    return `${host} answered ${status}, as no LiveKit server does. Check LIVEKIT_URL.`;
  }
  if (/invalid api key/i.test(text)) return 'LiveKit does not know the API key. Check LIVEKIT_API_KEY.';
  if (/cryptographic primitive|signature/i.test(text)) {
    return 'LiveKit knows the API key, and the secret is another one. Check LIVEKIT_API_SECRET.';
  }
  if (/expired|not valid yet|issued in the future/i.test(text)) {
    return 'LiveKit finds the token expired or not valid yet: the clocks of the two machines differ.';
  }
  return 'LiveKit refuses the token. Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET.';
}

/** Nothing when the answer does not say its time. */
function checkClock({ date }: Answer, nowMs: number): Step[] {
  // The header says whole seconds.
  const offMs = Date.parse(date) + 500 - nowMs;
  if (Number.isNaN(offMs)) return [];
  if (Math.abs(offMs) <= CLOCK_OFF_MS) return [step('Clock', 'works', 'Both clocks agree.')];
  return [step('Clock', 'fails', `${sayClock(offMs)} Set both by NTP: tokens are valid by the clock.`)];
}

function sayClock(offMs: number): string {
  const seconds = Math.round(Math.abs(offMs) / 1000);
  return `LiveKit's clock is ${seconds} s ${offMs > 0 ? 'ahead of' : 'behind'} this machine's.`;
}

function sayAgo(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

async function checkWebhooks(control: Control): Promise<Step> {
  const newestAt = await findNewestWebhookAt(control.database.db);
  if (newestAt) return step('Webhooks', 'works', `The last one came ${sayAgo(Date.now() - newestAt.getTime())} ago.`);
  return step(
    'Webhooks',
    'unsure',
    'None came within a day. They come when somebody joins a room: if somebody did, let LiveKit send them to ' +
      `${webhookUrlOf(control)}, signed with the API key ${control.environment.livekitApiKey}. Without them recordings by ` +
      'rules begin some seconds later.',
  );
}

/** What LiveKit's configuration shall name. */
export function webhookUrlOf({ environment }: Control): string {
  return `${environment.publicUrl}/api/livekit/webhook`;
}

function step(name: string, state: Step['state'], detail: string): Step {
  return { name, state, detail, durationMs: null };
}
