/** Signing in, people, their sessions, and the keys of programs: by the routes, as pages and programs use them. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createSignInLink } from '../../db/create-sign-in-link.ts';
import * as setUpRoute from '../api/set-up/route.ts';
import * as signInRoute from '../api/sign-in/route.ts';
import * as signOutRoute from '../api/sign-out/route.ts';
import * as passwordRoute from '../api/v1/account/password/route.ts';
import * as accountRoute from '../api/v1/account/route.ts';
import * as sessionRoute from '../api/v1/account/sessions/[id]/route.ts';
import * as sessionsRoute from '../api/v1/account/sessions/route.ts';
import * as apiKeyRoute from '../api/v1/api-keys/[id]/route.ts';
import * as apiKeysRoute from '../api/v1/api-keys/route.ts';
import * as invitationRoute from '../api/v1/users/[id]/invitation/route.ts';
import * as userRoute from '../api/v1/users/[id]/route.ts';
import * as usersRoute from '../api/v1/users/route.ts';
import { isStillAllowed } from './http/authorise.ts';
import type { Handler } from './http/handle.ts';
import { GUESSES_WITHIN_MS } from './limit-guesses.ts';
import { eventStream } from './live/event-stream.ts';
import type { Role } from './roles.ts';
import { scopes } from './scopes.ts';
import { type Call, callRoute, origin } from './testing/call-route.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import {
  accountSchema,
  createdApiKeySchema,
  invitationSchema,
  type SessionInfo,
  type User,
  userSchema,
} from './users-api.ts';

let control: TestControl;
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(control);
});
afterAll(() => control.close());
beforeEach(() => control.database.sql`truncate users, sessions, sign_in_links, api_keys, guesses cascade`);

const password = 'correct horse battery';

/** A browser: it keeps its cookies, and comes from an address. */
class Browser {
  readonly #cookies = new Map<string, string>();

  constructor(readonly address = '203.0.113.7') {}

  async call(route: Handler, call: Call = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { origin, cookie, 'x-forwarded-for': this.address, ...call.headers };
    const response = await callRoute(route, { as: 'nobody', ...call, headers });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  get session(): string | undefined {
    return this.#cookies.get('recorder-session');
  }

  async signIn(json: object): Promise<number> {
    return (await this.call(signInRoute.POST, { json })).status;
  }

  async status(): Promise<number> {
    return (await this.call(accountRoute.GET)).status;
  }
}

async function ownerBrowser(): Promise<Browser> {
  const browser = new Browser();
  expect(await browser.signIn({ token: await createSignInLink(control.database.url) })).toBe(200);
  return browser;
}

async function invite(role: Role, email = `${randomUUID()}@example.com`) {
  const response = await callRoute(usersRoute.POST, { json: { name: role, email, role } });
  const invitation = invitationSchema.parse(await response.json());
  return { user: invitation.user, token: new URL(invitation.url).searchParams.get('token') ?? '' };
}

async function newUser(role: Role, email?: string): Promise<{ user: User; browser: Browser }> {
  const { user, token } = await invite(role, email);
  const browser = new Browser();
  expect(await browser.signIn({ token, password })).toBe(200);
  return { user, browser };
}

const change = (id: string, json: object) => callRoute(userRoute.PATCH, { method: 'PATCH', params: { id }, json });
const userOf = async (id: string) =>
  userSchema.parse(await (await callRoute(userRoute.GET, { params: { id } })).json());

describe('the first run', () => {
  test('leads by the link of the terminal to the first admin, who signs in with a password from then on', async () => {
    const browser = new Browser();
    const token = await createSignInLink(control.database.url);
    const answer = await browser.call(signInRoute.POST, { json: { token } });
    expect(await answer.json()).toEqual({ next: '/set-up' });
    const ofLink = browser.session;
    const json = { name: 'Ada', email: 'Ada@Example.com', password };
    expect((await browser.call(setUpRoute.POST, { json })).status).toBe(204);
    expect(browser.session).not.toBe(ofLink);
    const account = accountSchema.parse(await (await browser.call(accountRoute.GET)).json());
    expect(account).toMatchObject({ kind: 'session', name: 'Ada', email: 'ada@example.com', role: 'admin' });
    expect(await new Browser().signIn({ email: 'ADA@example.com', password })).toBe(200);
    // The link's own session is over, and there is no second first admin.
    const [{ count } = { count: 0 }] = await control.database.sql<{ count: number }>`
      select count(*)::int as count from sessions where user_id is null`;
    expect(count).toBe(0);
    const again = await ownerBrowser();
    const second = await again.call(setUpRoute.POST, { json: { ...json, email: 'eve@example.com' } });
    expect(second.status).toBe(409);
    expect((await browser.call(setUpRoute.POST, { json })).status).toBe(403);
  });

  test('has no default account and no default password', async () => {
    for (const email of ['admin', 'admin@example.com', 'root', 'admin@localhost']) {
      for (const guess of ['admin', 'password', 'changeme', '']) {
        expect(await new Browser().signIn({ email, password: guess })).toBeGreaterThanOrEqual(400);
      }
    }
  });

  test('a link works once, for its time', async () => {
    const token = await createSignInLink(control.database.url);
    expect(await new Browser().signIn({ token })).toBe(200);
    expect(await new Browser().signIn({ token })).toBe(401);
    const late = await createSignInLink(control.database.url);
    await control.database.sql`update sign_in_links set expires_at = now()`;
    expect(await new Browser().signIn({ token: late })).toBe(401);
  });
});

describe('an invitation', () => {
  test('lets a person choose a password, once; looking at it and a bad password do not use it up', async () => {
    const { user, token } = await invite('operator');
    expect(user.status).toBe('invited');
    const browser = new Browser();
    expect(await browser.signIn({ token })).toBe(400);
    expect(await browser.signIn({ token, password: 'short' })).toBe(400);
    expect(await browser.signIn({ token, password })).toBe(200);
    expect(await userOf(user.id)).toMatchObject({ status: 'active', role: 'operator' });
    expect(await new Browser().signIn({ token, password: 'of somebody else' })).toBe(401);
    expect(await new Browser().signIn({ email: user.email, password })).toBe(200);
  });

  test('of a second time makes the first one worthless, and using it ends the sessions before', async () => {
    const { user, browser } = await newUser('viewer');
    const link = async () => {
      const response = await callRoute(invitationRoute.POST, { method: 'POST', params: { id: user.id } });
      return new URL(invitationSchema.parse(await response.json()).url).searchParams.get('token') ?? '';
    };
    const [first, second] = [await link(), await link()];
    expect(await new Browser().signIn({ token: first, password })).toBe(401);
    expect(await browser.status()).toBe(200);
    expect(await new Browser().signIn({ token: second, password: 'another long password' })).toBe(200);
    expect(await browser.status()).toBe(401);
    expect(await new Browser().signIn({ email: user.email, password })).toBe(401);
  });

  test('for an address that somebody has is refused', async () => {
    await invite('viewer', 'ben@example.com');
    const json = { name: 'Ben', email: 'BEN@example.com', role: 'viewer' };
    const response = await callRoute(usersRoute.POST, { json });
    expect([response.status, await response.json()]).toMatchObject([409, { fields: [{ path: 'email' }] }]);
  });
});

describe('signing in with a password', () => {
  test('answers a wrong password, an unknown, an invited and a disabled account alike', async () => {
    const { user } = await newUser('viewer');
    const invited = await invite('viewer');
    const disabled = await newUser('viewer');
    await change(disabled.user.id, { disabled: true });
    const answers = await Promise.all(
      [
        { email: user.email, password: 'not the password' },
        { email: 'nobody@example.com', password },
        { email: 'no address at all \0', password },
        { email: invited.user.email, password },
        { email: disabled.user.email, password },
      ].map(async (json) => {
        const response = await new Browser().call(signInRoute.POST, { json });
        return JSON.stringify([response.status, [...response.headers], await response.text()]);
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^\[401,/);
  });

  test('gives another session each time, and ends the one that the browser had', async () => {
    const { user, browser } = await newUser('viewer');
    const before = browser.session;
    const copy = { cookie: `recorder-session=${before}` };
    expect(await browser.signIn({ email: user.email, password })).toBe(200);
    expect(browser.session).not.toBe(before);
    expect((await callRoute(accountRoute.GET, { as: 'nobody', headers: copy })).status).toBe(401);
  });

  test('keeps no password, session, link or key as it is', async () => {
    const { browser } = await newUser('admin');
    const response = await callRoute(apiKeysRoute.POST, { json: { name: 'k', scopes, expiresIn: null } });
    const { key } = createdApiKeySchema.parse(await response.json());
    const { token } = await invite('viewer');
    const rows = await control.database.sql`
      select (select json_agg(u) from users u) as users, (select json_agg(s) from sessions s) as sessions,
        (select json_agg(l) from sign_in_links l) as links, (select json_agg(k) from api_keys k) as keys`;
    const stored = JSON.stringify(rows);
    for (const secret of [password, browser.session ?? '', key, token]) {
      expect(secret.length).toBeGreaterThan(20);
      expect(stored).not.toContain(secret);
    }
    expect(stored).toContain('$argon2id$');
  });

  test('is limited for an account from one address, from everywhere, and for an address', async () => {
    const { user } = await newUser('viewer');
    const wrong = { email: user.email, password: 'wrong' };
    const tries = async (count: number, next: (index: number) => [Browser, object]) => {
      const statuses: number[] = [];
      for (let index = 0; index < count; index++) {
        const [browser, json] = next(index);
        statuses.push(await browser.signIn(json));
      }
      return statuses;
    };
    expect(await tries(11, () => [new Browser('198.51.100.1'), wrong])).toEqual([...Array(10).fill(401), 429]);
    // Now the right one does not help from there, but from elsewhere it does.
    expect(await new Browser('198.51.100.1').signIn({ email: user.email, password })).toBe(429);
    expect(await new Browser('198.51.100.2').signIn({ email: user.email, password })).toBe(200);

    const spraying = await tries(41, (index) => [
      new Browser('198.51.100.1'),
      { email: `${index}@example.com`, password },
    ]);
    expect(spraying.lastIndexOf(401)).toBe(39);
    expect(spraying.at(-1)).toBe(429);

    await control.database.sql`update guesses set count = 100`;
    expect(await new Browser('198.51.100.9').signIn({ email: user.email, password })).toBe(429);
    // A quarter of an hour later it is over, however many were tried meanwhile.
    await control.database.sql`
      update guesses set since = now() - (${GUESSES_WITHIN_MS} + 1) * interval '1 millisecond'`;
    expect(await new Browser('198.51.100.9').signIn({ email: user.email, password })).toBe(200);
  });

  test('cannot be closed by strangers to a browser that its owner signed in with before', async () => {
    const { user, browser } = await newUser('viewer');
    await control.database.sql`truncate guesses`;
    for (let index = 0; index < 101; index++) {
      await new Browser(`198.51.100.${index}`).signIn({ email: user.email, password: 'wrong' });
    }
    expect(await new Browser('192.0.2.1').signIn({ email: user.email, password })).toBe(429);
    expect(await browser.signIn({ email: user.email, password })).toBe(200);
    // Such a browser is not free to guess either.
    const statuses: number[] = [];
    for (let index = 0; index < 21; index++) {
      statuses.push(await browser.signIn({ email: user.email, password: 'wrong' }));
    }
    expect(statuses).toEqual([...Array(20).fill(401), 429]);
  });

  test('many tries at once are no way around the limit', async () => {
    const { user } = await newUser('viewer');
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => new Browser('198.51.100.1').signIn({ email: user.email, password: 'wrong' })),
    );
    expect(answers.filter((status) => status === 401)).toHaveLength(10);
  });
});

describe('sessions', () => {
  test('cookies are HttpOnly and SameSite; behind TLS Secure, and of this host alone', async () => {
    const lineOf = async (publicUrl: string) => {
      useControlPlane({ ...control, environment: { ...control.environment, publicUrl } });
      const json = { token: await createSignInLink(control.database.url) };
      const response = await callRoute(signInRoute.POST, { as: 'nobody', headers: { origin: publicUrl }, json });
      useControlPlane(control);
      return response.headers.getSetCookie()[0];
    };
    expect(await lineOf(origin)).toMatch(
      /^recorder-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/,
    );
    expect(await lineOf('https://recorder.test')).toMatch(
      /^__Host-recorder-session=.*; Path=\/; HttpOnly; SameSite=Lax; .*; Secure$/,
    );
  });

  test('end when they are old, and when they were not used for long', async () => {
    const old = await newUser('viewer');
    await control.database.sql`update sessions set expires_at = now() where user_id = ${old.user.id}`;
    expect(await old.browser.status()).toBe(401);
    const idle = await newUser('viewer');
    await control.database.sql`update sessions set seen_at = now() - interval '8 days' where user_id = ${idle.user.id}`;
    expect(await idle.browser.status()).toBe(401);
    const busy = await newUser('viewer');
    await control.database.sql`update sessions set seen_at = now() - interval '6 days' where user_id = ${busy.user.id}`;
    expect(await busy.browser.status()).toBe(200);
    const [row] = await control.database.sql<{ fresh: boolean }>`
      select seen_at > now() - interval '1 minute' as fresh from sessions where user_id = ${busy.user.id}`;
    expect(row?.fresh).toBe(true);
  });

  test('of a person are listed, ended one by one, and all but the own', async () => {
    const { user, browser } = await newUser('viewer');
    const others = [new Browser(), new Browser()];
    for (const other of others) await other.signIn({ email: user.email, password });
    const list = async () => ((await (await browser.call(sessionsRoute.GET)).json()) as { items: SessionInfo[] }).items;
    expect((await list()).map((session) => session.current).sort()).toEqual([false, false, true]);
    const id = (await list()).find((session) => !session.current)?.id ?? '';
    expect((await browser.call(sessionRoute.DELETE, { method: 'DELETE', params: { id } })).status).toBe(204);
    expect(await list()).toHaveLength(2);
    expect((await browser.call(sessionsRoute.DELETE, { method: 'DELETE' })).status).toBe(204);
    expect(await Promise.all([browser, ...others].map((each) => each.status()))).toEqual([200, 401, 401]);
  });

  test('of somebody else cannot be ended', async () => {
    const { browser } = await newUser('admin');
    const other = await newUser('viewer');
    const [row] = await control.database.sql<{ id: string }>`select id from sessions where user_id = ${other.user.id}`;
    const ended = await browser.call(sessionRoute.DELETE, { method: 'DELETE', params: { id: row?.id ?? '' } });
    expect(ended.status).toBe(404);
    expect(await other.browser.status()).toBe(200);
  });

  test('that ended end the streams that were opened with them', async () => {
    const { user, browser } = await newUser('viewer');
    const request = new Request(`${origin}/`, { headers: { cookie: `recorder-session=${browser.session}` } });
    const stream = eventStream(control, {
      whose: 'ann',
      lastEventId: null,
      signal: request.signal,
      isAllowed: () => isStillAllowed(control, request, 'known'),
      heartbeatMs: 10,
    });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('still here')) text += (await reader?.read())?.value ?? '';
    await change(user.id, { disabled: true });
    for (let done = false; !done; ) done = (await reader?.read())?.done ?? true;
    expect(control.streams.open).toBe(0);
  });

  test('end with signing out, also for who copied the cookie', async () => {
    const { browser } = await newUser('viewer');
    const copy = { cookie: `recorder-session=${browser.session}` };
    expect((await browser.call(signOutRoute.POST, { method: 'POST' })).status).toBe(204);
    expect(browser.session).toBeUndefined();
    expect((await callRoute(accountRoute.GET, { as: 'nobody', headers: copy })).status).toBe(401);
  });

  test('all end with another password, and the own is another one', async () => {
    const { user, browser } = await newUser('viewer');
    const other = new Browser();
    await other.signIn({ email: user.email, password });
    const before = browser.session;
    const ask = (currentPassword: string) =>
      browser.call(passwordRoute.POST, { json: { currentPassword, newPassword: 'a new long password' } });
    expect((await ask('wrong')).status).toBe(400);
    expect((await ask(password)).status).toBe(204);
    expect(browser.session).not.toBe(before);
    expect([await browser.status(), await other.status()]).toEqual([200, 401]);
    expect(await new Browser().signIn({ email: user.email, password })).toBe(401);
    expect(await new Browser().signIn({ email: user.email, password: 'a new long password' })).toBe(200);
  });
});

describe('an e-mail address', () => {
  const setEmail = (browser: Browser, json: object) => browser.call(accountRoute.PATCH, { method: 'PATCH', json });

  test('is changed with the password, in lower case; one signs in with it, and stays signed in', async () => {
    const { user, browser } = await newUser('viewer');
    const elsewhere = new Browser();
    await elsewhere.signIn({ email: user.email, password });
    const answer = await setEmail(browser, { email: 'New.Address@Example.com', currentPassword: password });
    expect(accountSchema.parse(await answer.json()).email).toBe('new.address@example.com');
    expect([await browser.status(), await elsewhere.status()]).toEqual([200, 200]);
    expect(await new Browser().signIn({ email: 'NEW.address@example.com', password })).toBe(200);
    expect(await new Browser().signIn({ email: user.email, password })).toBe(401);
    expect(control.logged.some((line) => line.includes('user.email-changed') && line.includes(user.id))).toBe(true);
    expect(control.logged.join('')).not.toContain('new.address');
  });

  test('is not changed without the password, which is not guessed here either', async () => {
    const { user, browser } = await newUser('viewer');
    expect((await setEmail(browser, { email: 'new@example.com' })).status).toBe(400);
    const wrong = () => setEmail(browser, { email: 'new@example.com', currentPassword: 'wrong' });
    const statuses: number[] = [];
    for (let tries = 0; tries < 11; tries++) statuses.push((await wrong()).status);
    expect(statuses).toEqual([...Array<number>(10).fill(400), 429]);
    expect((await userOf(user.id)).email).toBe(user.email);
  });

  test('that somebody has is refused, in whatever case, and for two at once', async () => {
    const other = await newUser('viewer', 'taken@example.com');
    const { user, browser } = await newUser('viewer');
    const taken = await setEmail(browser, { email: 'TAKEN@example.com', currentPassword: password });
    expect(taken.status).toBe(409);
    expect((await change(user.id, { email: 'Taken@Example.com' })).status).toBe(409);
    expect((await change(other.user.id, { email: 'Taken@Example.com' })).status).toBe(200);
    const both = await Promise.all(
      [browser, other.browser].map((one) => setEmail(one, { email: 'both@example.com', currentPassword: password })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('of others is changed by an admin, and their sessions stay', async () => {
    const { user, browser } = await newUser('operator');
    expect((await change(user.id, { email: 'Moved@Example.com' })).status).toBe(200);
    expect((await userOf(user.id)).email).toBe('moved@example.com');
    expect(await browser.status()).toBe(200);
    expect(await new Browser().signIn({ email: 'moved@example.com', password })).toBe(200);
  });
});

describe('an admin', () => {
  test('gives another role, which ends the sessions of before', async () => {
    const { user, browser } = await newUser('viewer');
    expect((await change(user.id, { role: 'operator' })).status).toBe(200);
    expect(await browser.status()).toBe(401);
    await browser.signIn({ email: user.email, password });
    const account = accountSchema.parse(await (await browser.call(accountRoute.GET)).json());
    expect(account.role).toBe('operator');
  });

  test('disables, enables and removes people', async () => {
    const { user, browser } = await newUser('viewer');
    await change(user.id, { disabled: true });
    expect(await browser.status()).toBe(401);
    expect(await browser.signIn({ email: user.email, password })).toBe(401);
    await change(user.id, { disabled: false });
    expect(await browser.signIn({ email: user.email, password })).toBe(200);
    const removed = await callRoute(userRoute.DELETE, { method: 'DELETE', params: { id: user.id } });
    expect(removed.status).toBe(204);
    expect(await browser.status()).toBe(401);
  });

  test('who is the last one cannot be lost', async () => {
    const { user } = await newUser('admin');
    // Who never chose a password could not sign in.
    await invite('admin');
    const remove = () => callRoute(userRoute.DELETE, { method: 'DELETE', params: { id: user.id } });
    expect((await change(user.id, { role: 'operator' })).status).toBe(409);
    expect((await change(user.id, { disabled: true })).status).toBe(409);
    expect((await remove()).status).toBe(409);
    await newUser('admin');
    expect((await remove()).status).toBe(204);
  });

  test('and another one, who demote each other at once, leave one', async () => {
    const both = [await newUser('admin'), await newUser('admin')];
    const answers = await Promise.all(both.map(({ user }) => change(user.id, { role: 'viewer' })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });
});

describe('an API key', () => {
  const create = async (json: object) => {
    const response = await callRoute(apiKeysRoute.POST, { json: { name: 'CI', expiresIn: null, ...json } });
    return createdApiKeySchema.parse(await response.json());
  };
  const askWith = (key: string) => callRoute(accountRoute.GET, { headers: { authorization: `Bearer ${key}` } });

  test('is shown once, and worth its scopes', async () => {
    const scopes = ['recordings:read', 'shares:write'];
    const { key, prefix } = await create({ scopes: ['shares:write', 'recordings:read', 'shares:write'] });
    expect(key).toMatch(/^rec_[\w-]{43}$/);
    expect(key.startsWith(prefix)).toBe(true);
    expect(accountSchema.parse(await (await askWith(key)).json())).toMatchObject({
      kind: 'api-key',
      role: null,
      scopes,
    });
    expect(await (await callRoute(apiKeysRoute.GET)).text()).not.toContain(key);
  });

  test('says when it was used last, written at most once a minute', async () => {
    const { id, key } = await create({ scopes: ['system:read'] });
    const lastUsed = async () =>
      (await control.database.sql<{ at: Date | null }>`select last_used_at as at from api_keys where id = ${id}`)[0]
        ?.at;
    expect(await lastUsed()).toBeNull();
    await askWith(key);
    const first = await lastUsed();
    expect(first).toBeInstanceOf(Date);
    await askWith(key);
    expect(await lastUsed()).toEqual(first);
    await control.database.sql`update api_keys set last_used_at = now() - interval '2 minutes'`;
    await askWith(key);
    expect((await lastUsed())?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? Number.NaN);
  });

  test('revoked or expired is refused with the next request', async () => {
    const revoked = await create({ scopes: ['system:read'] });
    await callRoute(apiKeyRoute.DELETE, { method: 'DELETE', params: { id: revoked.id } });
    expect((await askWith(revoked.key)).status).toBe(401);
    const expired = await create({ scopes: ['system:read'], expiresIn: 60_000 });
    await control.database.sql`update api_keys set expires_at = now() where id = ${expired.id}`;
    expect((await askWith(expired.key)).status).toBe(401);
    const list = (await (await callRoute(apiKeysRoute.GET)).json()) as { items: { status: string }[] };
    expect(list.items.map((item) => item.status)).toEqual(['expired', 'revoked']);
  });

  test.each([{ scopes: [] }, { scopes: ['everything'] }, { role: 'admin' }, {}])(
    'is not made with %j',
    async (json) => {
      const response = await callRoute(apiKeysRoute.POST, { json: { name: 'CI', expiresIn: null, ...json } });
      expect(response.status).toBe(400);
    },
  );

  test('of the environment may everything', async () => {
    const account = accountSchema.parse(await (await callRoute(accountRoute.GET)).json());
    expect(account).toMatchObject({ kind: 'api-key', name: 'ADMIN_API_KEY', role: null, scopes });
  });
});
