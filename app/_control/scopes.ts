/**
 * What may be done: every route asks for one of these (access-table.ts). People have those of their role; API keys have those
 * that they were made with.
 */
import { mayAs, type Role } from './roles.ts';

/** Which people may, and what: for the dialog that makes keys, and the description of the API. */
const table = {
  'recordings:read': { role: 'viewer', may: 'sees, watches and downloads recordings' },
  'recordings:write': { role: 'operator', may: 'starts, stops, pauses and deletes recordings' },
  'shares:write': { role: 'operator', may: 'shares recordings, and revokes links' },
  'rules:read': { role: 'viewer', may: 'sees and tries rules' },
  'rules:write': { role: 'operator', may: 'writes, switches and deletes rules' },
  'rooms:read': { role: 'viewer', may: 'sees who is in a room, and watches live' },
  'rooms:join': { role: 'operator', may: 'takes part in rooms, and adds demo participants' },
  'events:read': { role: 'viewer', may: 'follows all recordings and rooms live' },
  'system:read': { role: 'viewer', may: 'sees metrics, workers and how long recordings are kept' },
  'settings:write': { role: 'admin', may: 'has webhooks, retention and connection checks' },
  'access:write': { role: 'admin', may: 'has users and API keys, and so everything else; sees who did what' },
} as const satisfies Record<string, { role: Role; may: string }>;

export type Scope = keyof typeof table;

export const scopes = Object.keys(table) as [Scope, ...Scope[]];

export const isScope = (text: string): text is Scope => text in table;

export function describeScope(scope: Scope): string {
  return table[scope].may;
}

/** The lowest role that may. */
export function roleFor(scope: Scope): Role {
  return table[scope].role;
}

export function scopesOf(role: Role): Scope[] {
  return scopes.filter((scope) => mayAs(role, table[scope].role));
}
