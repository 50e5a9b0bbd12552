/** Whether LiveKit can be reached, lets us in and tells us what happens; if not, what to put right. */
import { AccessToken } from 'livekit-server-sdk';
import { findNewestWebhookAt } from '../../../db/queries/find-newest-webhook.ts';
import type { Control } from '../control.ts';
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

async function checkApi({ environment }: Control): Promise<Step[]> {
  const host = new URL(environment.livekitApiUrl).host;
  const fromMs = performance.now();
  const askedAtMs = Date.now();
  let response: Response;
  try {
    const token = new AccessToken(environment.livekitApiKey, environment.livekitApiSecret, { ttl: 60 });
    token.addGrant({ roomList: true });
    response = await fetch(`${environment.livekitApiUrl}/twirp/livekit.RoomService/ListRooms`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token.toJwt()}`, 'content-type': 'application/json' },
      body: '{"names":["a room nobody has"]}',
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    return [
      { ...step('Reach', 'fails', explainNoAnswer(error, host)), durationMs: Math.round(performance.now() - fromMs) },
    ];
  }
  const durationMs = Math.round(performance.now() - fromMs);
  const offMs = clockOff(response, (askedAtMs + Date.now()) / 2);
  const reach = { ...step('Reach', 'works', `${host} answers.`), durationMs };
  const clock =
    offMs === undefined
      ? []
      : [
          Math.abs(offMs) > CLOCK_OFF_MS
            ? step('Clock', 'fails', `${sayClock(offMs)} Set both by NTP: tokens are valid by the clock.`)
            : step('Clock', 'works', 'Both clocks agree.'),
        ];
  if (response.ok) {
    await response.body?.cancel();
    return [reach, step('Key and secret', 'works', 'LiveKit accepts them.'), ...clock];
  }
  const answer = (await response.text()).slice(0, ANSWER_BYTES);
  return [reach, step('Key and secret', 'fails', explainRefusal(response.status, answer, host)), ...clock];
}

function explainNoAnswer(error: unknown, host: string): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `${host} does not answer within ${PATIENCE_MS / 1000} s. Check LIVEKIT_URL, and that no firewall is in between.`;
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const [first] = cause instanceof AggregateError ? cause.errors : [cause];
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `There is no address for the name in ${host}. Check LIVEKIT_URL.`;
  if (code === 'ECONNREFUSED')
    return `Nothing listens at ${host}. Check that LiveKit runs and that LIVEKIT_URL is right.`;
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) return `The TLS certificate of ${host} is not trusted (${code}).`;
  if (/SSL|EPROTO/.test(code)) return `${host} does not speak TLS. Is LIVEKIT_URL ws:// rather than wss://?`;
  return `${host} cannot be reached${code === '' ? '' : ` (${code})`}. Check LIVEKIT_URL.`;
}

/** LiveKit says in words why a token is refused. Its answer repeats the token, so it is not shown. */
function explainRefusal(status: number, answer: string, host: string): string {
  if (status !== 401 && status !== 403) {
    return `${host} answered ${status}, as no LiveKit server does. Check LIVEKIT_URL.`;
  }
  if (/invalid api key/i.test(answer)) return 'LiveKit does not know the API key. Check LIVEKIT_API_KEY.';
  if (/cryptographic primitive|signature/i.test(answer)) {
    return 'LiveKit knows the API key, and the secret is another one. Check LIVEKIT_API_SECRET.';
  }
  if (/expired|not valid yet|issued in the future/i.test(answer)) {
    return 'LiveKit finds the token expired or not valid yet: the clocks of the two machines differ.';
  }
  return 'LiveKit refuses the token. Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET.';
}

function clockOff(response: Response, nowMs: number): number | undefined {
  const theirsMs = Date.parse(response.headers.get('date') ?? '');
  // The header says whole seconds.
  return Number.isNaN(theirsMs) ? undefined : theirsMs + 500 - nowMs;
}

function sayClock(offMs: number): string {
  const seconds = Math.round(Math.abs(offMs) / 1000);
  return `LiveKit's clock is ${seconds} s ${offMs > 0 ? 'ahead of' : 'behind'} this machine's.`;
}

async function checkWebhooks(control: Control): Promise<Step> {
  const newestAt = await findNewestWebhookAt(control.database.db);
  if (newestAt) return step('Webhooks', 'works', `The last one came at ${newestAt.toISOString()}.`);
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
