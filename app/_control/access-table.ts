/**
 * Who may use which route: HEAD is as GET. The description of the API says it from here; the routes say it for themselves, and a test
 * (access.integration.test.ts) tries every one of them as everybody, so that a route without an entry here fails it.
 */
import type { Access } from './http/authorise.ts';

/** A route that asks for something else than a session or an API key, and what everybody without that gets. */
export interface OwnRule {
  asksFor: string;
  /** To an empty request, whoever sends it. */
  status: number;
}

export const accessTable: Record<string, Exclude<Access, 'anyone'> | OwnRule> = {
  'GET /api/health': { asksFor: 'nothing: it holds no addresses and no reasons', status: 503 },
  'GET /api/oembed': { asksFor: 'the token of a share, in the address', status: 400 },
  'GET /api/cron/reconcile': { asksFor: 'CRON_SECRET; here there is none', status: 404 },
  'POST /api/cron/reconcile': { asksFor: 'CRON_SECRET; here there is none', status: 404 },
  'POST /api/livekit/webhook': { asksFor: "LiveKit's signature", status: 415 },
  'POST /api/recorder/reports': { asksFor: 'the worker token, or the report token of the attempt', status: 401 },
  'POST /api/sign-in': { asksFor: 'a link or a password', status: 400 },
  // And only for whoever came by the link of the terminal.
  'POST /api/set-up': 'access:write',
  'POST /api/sign-out': 'known',
  'GET /api/metrics': 'system:read',

  'GET /s/[token]/media': { asksFor: 'the token of a share', status: 404 },
  'GET /s/[token]/poster': { asksFor: 'the token of a share', status: 404 },
  'GET /s/[token]/storyboard': { asksFor: 'the token of a share', status: 404 },
  'GET /s/[token]/storyboard.vtt': { asksFor: 'the token of a share', status: 404 },
  'POST /s/[token]/views': { asksFor: 'the token of a share', status: 404 },

  'GET /api/v1/recordings': 'recordings:read',
  'POST /api/v1/recordings': 'recordings:write',
  'GET /api/v1/recordings/active': 'recordings:read',
  'GET /api/v1/recordings/archive': 'recordings:read',
  'POST /api/v1/recordings/delete': 'recordings:write',
  'GET /api/v1/recordings/[id]': 'recordings:read',
  'DELETE /api/v1/recordings/[id]': 'recordings:write',
  'POST /api/v1/recordings/[id]/stop': 'recordings:write',
  'POST /api/v1/recordings/[id]/pause': 'recordings:write',
  'POST /api/v1/recordings/[id]/resume': 'recordings:write',
  'GET /api/v1/recordings/[id]/media': 'recordings:read',
  'GET /api/v1/recordings/[id]/poster': 'recordings:read',
  'GET /api/v1/recordings/[id]/storyboard': 'recordings:read',
  'GET /api/v1/recordings/[id]/storyboard.vtt': 'recordings:read',
  'GET /api/v1/recordings/[id]/history': 'recordings:read',
  'GET /api/v1/recordings/[id]/events': 'recordings:read',
  'GET /api/v1/recordings/[id]/shares': 'recordings:read',
  'POST /api/v1/recordings/[id]/shares': 'shares:write',
  'DELETE /api/v1/shares/[id]': 'shares:write',
  'GET /api/v1/events': 'events:read',
  'GET /api/v1/rules': 'rules:read',
  'POST /api/v1/rules': 'rules:write',
  'POST /api/v1/rules/test': 'rules:read',
  'GET /api/v1/rules/[id]': 'rules:read',
  'PATCH /api/v1/rules/[id]': 'rules:write',
  'DELETE /api/v1/rules/[id]': 'rules:write',
  'GET /api/v1/rooms': 'rooms:read',
  'POST /api/v1/rooms/[room]/viewer-token': 'rooms:read',
  'POST /api/v1/rooms/[room]/join-token': 'rooms:join',
  'POST /api/v1/demo-participants': 'rooms:join',
  'GET /api/v1/formats': 'known',
  'GET /api/v1/workers': 'system:read',
  'GET /api/v1/openapi.json': 'known',

  'GET /api/v1/account': 'known',
  'PATCH /api/v1/account': 'known',
  'POST /api/v1/account/password': 'known',
  'GET /api/v1/account/sessions': 'known',
  'DELETE /api/v1/account/sessions': 'known',
  'DELETE /api/v1/account/sessions/[id]': 'known',

  'GET /api/v1/users': 'access:write',
  'POST /api/v1/users': 'access:write',
  'GET /api/v1/users/[id]': 'access:write',
  'PATCH /api/v1/users/[id]': 'access:write',
  'DELETE /api/v1/users/[id]': 'access:write',
  'POST /api/v1/users/[id]/invitation': 'access:write',
  'GET /api/v1/actions': 'access:write',
  'GET /api/v1/api-keys': 'access:write',
  'POST /api/v1/api-keys': 'access:write',
  'DELETE /api/v1/api-keys/[id]': 'access:write',
  'GET /api/v1/webhooks': 'settings:write',
  'POST /api/v1/webhooks': 'settings:write',
  'GET /api/v1/webhooks/[id]': 'settings:write',
  'PATCH /api/v1/webhooks/[id]': 'settings:write',
  'DELETE /api/v1/webhooks/[id]': 'settings:write',
  'POST /api/v1/webhooks/[id]/secret': 'settings:write',
  'POST /api/v1/webhooks/[id]/test': 'settings:write',
  'GET /api/v1/webhooks/[id]/deliveries': 'settings:write',
  'POST /api/v1/webhooks/[id]/deliveries/[delivery]/resend': 'settings:write',
  'GET /api/v1/settings/retention': 'system:read',
  'PATCH /api/v1/settings/retention': 'settings:write',
  'DELETE /api/v1/settings/retention': 'settings:write',
  'POST /api/v1/checks/livekit': 'settings:write',
  'POST /api/v1/checks/storage': 'settings:write',

  'GET /api/[...unknown]': 'known',
  'POST /api/[...unknown]': 'known',
  'PUT /api/[...unknown]': 'known',
  'PATCH /api/[...unknown]': 'known',
  'DELETE /api/[...unknown]': 'known',
};
