/** Who did what, as the API gives it. Pages import this too. */
import { z } from 'zod';
import { idSchema } from './api.ts';

export const actionNames = [
  'recording.started',
  'recording.stopped',
  'recording.paused',
  'recording.resumed',
  'recording.deleted',
  'share.created',
  'share.revoked',
  'rule.created',
  'rule.changed',
  'rule.deleted',
  'user.set-up',
  'user.invited',
  'user.changed',
  'user.deleted',
  'user.link-created',
  'account.changed',
  'account.password-changed',
  'api-key.created',
  'api-key.revoked',
  'webhook.created',
  'webhook.changed',
  'webhook.deleted',
  'webhook.secret-replaced',
  'retention.changed',
] as const;
export type ActionName = (typeof actionNames)[number];

export const actorSchema = z.object({
  /** `owner`: whoever came by the link of the terminal. */
  kind: z.enum(['user', 'owner', 'api-key']),
  /** Null for the owner, and for ADMIN_API_KEY. */
  id: idSchema.nullable(),
  /** At that time. */
  name: z.string(),
});

export const actionSchema = z.object({
  at: z.iso.datetime(),
  action: z.enum(actionNames),
  actor: actorSchema,
  /** What it was done to: a recording, a share, a rule, a person, a key, a webhook. */
  subject: z.object({ id: idSchema, name: z.string().nullable() }).nullable(),
  recordingId: idSchema.nullable(),
});
export type Action = z.infer<typeof actionSchema>;
