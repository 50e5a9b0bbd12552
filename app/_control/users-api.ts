/** People, their sessions and the keys of programs, as the API takes and gives them. Pages import this too. */
import { z } from 'zod';
import { idSchema } from './api.ts';
import { roles } from './roles.ts';
import { describeScope, scopes } from './scopes.ts';

const isoTime = z.iso.datetime();
const nameSchema = z.string().trim().min(1, 'must not be empty').max(200, 'must be at most 200 characters');
const emailSchema = z.email('must be an e-mail address').max(254).toLowerCase();
const roleSchema = z
  .enum(roles)
  .describe(
    'viewer: watches, downloads, and sees everything that is no secret. operator: also records, deletes, shares, and writes ' +
      'rules. admin: also has users, API keys, webhooks and settings.',
  );

const scopeSchema = z.enum(scopes).describe(scopes.map((scope) => `${scope}: ${describeScope(scope)}.`).join(' '));

/** Long rather than odd: NIST SP 800-63B. The upper bound is for the time that hashing takes. */
export const newPasswordSchema = z
  .string()
  .min(10, 'must have at least 10 characters')
  .max(200, 'must be at most 200 characters');
const passwordSchema = z.string().min(1, 'must not be empty').max(200);

/** With the token of a one-time link (and, for an invitation, the password that is chosen), or with a password. */
export const signInRequestSchema = z.union([
  z.strictObject({ token: z.string().min(1).max(200), password: newPasswordSchema.optional() }),
  z.strictObject({ email: z.string().trim().toLowerCase().min(1).max(254), password: passwordSchema }),
]);

/** What the browser opens then: whoever came by the link of the terminal while there is no admin sets one up. */
export const signInAnswerSchema = z.object({ next: z.enum(['/', '/set-up']) });
export type SignInAnswer = z.infer<typeof signInAnswerSchema>;

/** The first admin, made by whoever came by the link of the terminal. */
export const setUpRequestSchema = z.strictObject({ name: nameSchema, email: emailSchema, password: newPasswordSchema });

export const userSchema = z.object({
  id: idSchema,
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  /** `invited`: has not chosen a password yet. */
  status: z.enum(['active', 'invited', 'disabled']),
  createdAt: isoTime,
  signedInAt: isoTime.nullable(),
});
export type User = z.infer<typeof userSchema>;

export const createUserRequestSchema = z.strictObject({ name: nameSchema, email: emailSchema, role: roleSchema });

/** The address is in this answer only. Whoever opens it first, chooses the password. */
export const invitationSchema = z.object({ user: userSchema, url: z.string(), expiresAt: isoTime });
export type Invitation = z.infer<typeof invitationSchema>;

export const updateUserRequestSchema = z
  .strictObject({ name: nameSchema, email: emailSchema, role: roleSchema, disabled: z.boolean() })
  .partial();

export const apiKeySchema = z.object({
  id: idSchema,
  name: z.string(),
  scopes: z.array(scopeSchema),
  /** The first characters, to know it by. */
  prefix: z.string(),
  status: z.enum(['active', 'expired', 'revoked']),
  createdAt: isoTime,
  expiresAt: isoTime.nullable(),
  /** To the minute. */
  lastUsedAt: isoTime.nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

export const createApiKeyRequestSchema = z.strictObject({
  name: nameSchema,
  /** Once each. */
  scopes: z
    .array(scopeSchema)
    .min(1, 'must have at least one')
    .max(scopes.length)
    .transform((wanted) => scopes.filter((scope) => wanted.includes(scope))),
  /** Milliseconds from now; null: never. */
  expiresIn: z
    .int()
    .min(60_000, 'must be at least a minute')
    .max(10 * 365 * 86_400_000, 'must be at most 10 years')
    .nullable(),
});

/** The key is in this answer only. */
export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() });
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;

/** Who asks, and what they may. `id` and `email` are null for an API key, and for whoever came by the link of the terminal. */
export const accountSchema = z.object({
  kind: z.enum(['session', 'api-key']),
  id: idSchema.nullable(),
  name: z.string(),
  email: z.string().nullable(),
  /** Null for an API key: it has scopes only. */
  role: roleSchema.nullable(),
  scopes: z.array(scopeSchema),
});
export type Account = z.infer<typeof accountSchema>;

/** With another e-mail address, which one signs in with, comes the password. */
export const updateAccountRequestSchema = z
  .strictObject({ name: nameSchema, email: emailSchema, currentPassword: passwordSchema })
  .partial()
  .refine(({ email, currentPassword }) => email === undefined || currentPassword !== undefined, {
    path: ['currentPassword'],
    message: 'is needed for another e-mail address',
  });

export const changePasswordRequestSchema = z.strictObject({
  currentPassword: passwordSchema,
  newPassword: newPasswordSchema,
});

export const sessionSchema = z.object({
  id: idSchema,
  /** The one that asks. */
  current: z.boolean(),
  createdAt: isoTime,
  /** To the minute. */
  seenAt: isoTime,
  userAgent: z.string(),
  address: z.string(),
});
export type SessionInfo = z.infer<typeof sessionSchema>;
