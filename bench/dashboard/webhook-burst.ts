/** A thousand participants join within ten seconds, and a rule wants all of them: LiveKit's webhooks, as it signs them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { signWebhook } from '../../app/_control/testing/sign-webhook.ts';
import { recordings } from '../../db/schema.ts';
import type { Figure } from '../figure.ts';
import type { DashboardRig } from '../rig/dashboard-rig.ts';
import { percentile } from '../rig/percentile.ts';
import { timedRequest } from '../rig/timed-request.ts';

const WITHIN_MS = 10_000;
const ACTED_ON_WITHIN_MS = 60_000;

export async function measureWebhookBurst(
  rig: DashboardRig,
  count: number,
  say: (message: string) => void,
): Promise<Figure[]> {
  const ruleId = await createRule(rig);
  const webhooks = await Promise.all(Array.from({ length: count }, (_, index) => joined(rig, index)));
  say(`${count} webhooks in ${WITHIN_MS / 1000} s`);
  const from = performance.now();
  const answers = await Promise.all(
    webhooks.map(async ({ body, authorization }, index) => {
      await delay((index * WITHIN_MS) / count);
      const headers = { 'content-type': 'application/webhook+json', authorization };
      return timedRequest(`${rig.origin}/api/livekit/webhook`, { method: 'POST', headers }, body);
    }),
  );
  const actedOn = await untilActedOn(rig, ruleId, count);
  const allMs = performance.now() - from;
  const times = answers.map(({ tookMs }) => tookMs);
  const lost = count - Math.min(actedOn, answers.filter(({ status }) => status === 200).length);
  return [
    { name: 'webhook answered, median', value: percentile(times, 0.5), unit: 'ms', note: `${count} in 10 s` },
    { name: 'webhook answered, p95', value: percentile(times, 0.95), unit: 'ms', target: { most: 50 } },
    { name: 'webhooks lost: not answered 200, or not acted on', value: lost, unit: '', target: { most: 0 } },
    { name: 'first webhook → all recordings requested', value: allMs / 1000, unit: 's' },
  ];
}

async function createRule({ origin, adminApiKey }: DashboardRig): Promise<string> {
  const rule = { name: 'burst', roomPattern: 'burst *', identityPattern: '*' };
  const headers = { authorization: `Bearer ${adminApiKey}`, 'content-type': 'application/json' };
  const { status, text } = await timedRequest(
    `${origin}/api/v1/rules`,
    { method: 'POST', headers },
    JSON.stringify(rule),
  );
  if (status !== 201) throw new Error(`The rule was refused with ${status}: ${text}`);
  return (JSON.parse(text) as { id: string }).id;
}

async function joined({ livekit }: DashboardRig, index: number): Promise<{ body: string; authorization: string }> {
  const nowS = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify({
    event: 'participant_joined',
    id: `EV_${randomUUID()}`,
    createdAt: nowS,
    room: { sid: `RM_${index}`, name: `burst ${index % 100}`, creationTime: nowS },
    participant: {
      sid: `PA_${randomUUID()}`,
      identity: `somebody ${index}`,
      state: 'ACTIVE',
      joinedAt: nowS,
      permission: { canSubscribe: true, canPublish: true, canPublishData: true },
    },
  });
  const keys = { livekitApiKey: livekit.apiKey, livekitApiSecret: livekit.apiSecret };
  return { body, authorization: await signWebhook(keys, body) };
}

async function untilActedOn({ database: { db } }: DashboardRig, ruleId: string, count: number): Promise<number> {
  const until = performance.now() + ACTED_ON_WITHIN_MS;
  for (;;) {
    const [found] = await db
      .select({ count: sql`count(*)`.mapWith(Number) })
      .from(recordings)
      .where(eq(recordings.ruleId, ruleId));
    if ((found?.count ?? 0) >= count || performance.now() > until) return found?.count ?? 0;
    await delay(50);
  }
}
