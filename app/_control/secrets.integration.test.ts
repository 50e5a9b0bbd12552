/** What is logged while the product is used rightly and wrongly holds no secret. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createSignInLink } from '../../db/create-sign-in-link.ts';
import * as webhookRoute from '../api/livekit/webhook/route.ts';
import * as reportsRoute from '../api/recorder/reports/route.ts';
import * as signInRoute from '../api/sign-in/route.ts';
import * as apiKeysRoute from '../api/v1/api-keys/route.ts';
import * as sharesRoute from '../api/v1/recordings/[id]/shares/route.ts';
import * as recordingsRoute from '../api/v1/recordings/route.ts';
import * as usersRoute from '../api/v1/users/route.ts';
import * as viewsRoute from '../s/[token]/views/route.ts';
import { createdShareSchema } from './api.ts';
import { beginRecording } from './begin-recording.ts';
import { callRoute, origin } from './testing/call-route.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';
import { createdApiKeySchema, invitationSchema } from './users-api.ts';

const marked = {
  APP_SECRET: `app-secret-${randomUUID()}`,
  WORKER_TOKEN: `worker-token-${randomUUID()}`,
  ADMIN_API_KEY: `admin-key-${randomUUID()}`,
  CRON_SECRET: `cron-secret-${randomUUID()}`,
  LIVEKIT_API_SECRET: `livekit-secret-${randomUUID()}`,
};
const secrets: string[] = Object.values(marked);
let control: TestControl;
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') }, marked);
  useControlPlane(control);
});
afterAll(() => control.close());

const bearer = { authorization: `Bearer ${marked.ADMIN_API_KEY}` };

/** Whatever is answered, wrong secrets are secrets, too: somebody's typing error is nearly their password. */
function secret(text: string): string {
  secrets.push(text);
  return text;
}

async function signIn(json: object): Promise<Response> {
  const response = await callRoute(signInRoute.POST, { as: 'nobody', headers: { origin }, json });
  for (const cookie of response.headers.getSetCookie()) secret(/=([^;]+)/.exec(cookie)?.[1] ?? '');
  return response;
}

test('no secret is logged while everything is used, rightly and wrongly', async () => {
  const link = secret(await createSignInLink(control.database.url));
  expect((await signIn({ token: link })).status).toBe(200);
  expect((await signIn({ token: link })).status).toBe(401);

  const user = { name: 'Ann', email: 'ann@example.com', role: 'admin' };
  const invited = await callRoute(usersRoute.POST, { headers: bearer, json: user });
  const token = secret(new URL(invitationSchema.parse(await invited.json()).url).searchParams.get('token') ?? '');
  const password = secret(`password of ${randomUUID()}`);
  expect((await signIn({ token, password })).status).toBe(200);
  expect((await signIn({ email: user.email, password })).status).toBe(200);
  expect((await signIn({ email: user.email, password: secret(`wrong ${password}`) })).status).toBe(401);

  const keyJson = { name: 'k', scopes: ['recordings:read', 'recordings:write', 'shares:write'], expiresIn: null };
  const created = await callRoute(apiKeysRoute.POST, { headers: bearer, json: keyJson });
  const key = secret(createdApiKeySchema.parse(await created.json()).key);
  const asKey = { authorization: `Bearer ${key}` };
  expect((await callRoute(recordingsRoute.GET, { headers: asKey })).status).toBe(200);
  const madeUp = { authorization: `Bearer ${secret(`rec_${randomUUID()}`)}` };
  expect((await callRoute(recordingsRoute.GET, { headers: madeUp })).status).toBe(401);

  const { recording } = await beginRecording(control.database.db, wishOf({ room: 'r', identity: 'ann' }));
  const sharePassword = secret(`share password ${randomUUID()}`);
  const params = { id: recording.id };
  const shared = await callRoute(sharesRoute.POST, { headers: asKey, params, json: { password: sharePassword } });
  const { url } = createdShareSchema.parse(await shared.json());
  const shareToken = secret(url.slice(url.lastIndexOf('/') + 1));
  for (const json of [{ password: sharePassword }, { password: secret(`wrong ${sharePassword}`) }]) {
    const path = `/s/${shareToken}/views`;
    await callRoute(viewsRoute.POST, { as: 'nobody', path, headers: { origin }, params: { token: shareToken }, json });
  }

  // Refused by LiveKit (which is away), by a signature, by a token, and by the storage or the database.
  const start = { room: 'a', identity: 'b' };
  expect((await callRoute(recordingsRoute.POST, { headers: asKey, json: start })).status).toBe(503);
  const webhook = { 'content-type': 'application/webhook+json', authorization: secret(`jwt.${randomUUID()}`) };
  expect((await callRoute(webhookRoute.POST, { as: 'nobody', headers: webhook, body: '{}' })).status).toBe(401);
  const worker = { authorization: `Bearer ${marked.WORKER_TOKEN}` };
  expect((await callRoute(reportsRoute.POST, { as: 'nobody', headers: worker, json: { reports: 1 } })).status).toBe(
    400,
  );
  await control.database.sql`alter table shares rename to shares_away`;
  const path = `/s/${shareToken}/views`;
  const broken = await callRoute(viewsRoute.POST, {
    as: 'nobody',
    path,
    headers: { origin },
    params: { token: shareToken },
    json: { password: sharePassword },
  });
  expect(broken.status).toBe(500);

  const log = control.logged.join('');
  expect(log).toContain('request.failed');
  expect(log).toContain('user.invited');
  for (const text of secrets) {
    expect(text.length).toBeGreaterThan(15);
    expect(log.includes(text), `the log holds ${text.slice(0, 12)}…`).toBe(false);
  }
});
