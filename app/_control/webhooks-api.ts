/** Outgoing webhooks: where they go, what they say, how it went. See api.ts. */
import { z } from 'zod';
import { idSchema, recordingSchema } from './api.ts';
import { webhookEvents } from './webhooks/webhook-events.ts';

const isoTime = z.iso.datetime();

const webhookFields = {
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address like https://example.com/hook' })
    .max(2000, 'must have at most 2000 characters')
    .refine((value) => !URL.canParse(value) || new URL(value).username === '', 'must not hold a user name'),
  events: z.array(z.enum(webhookEvents)).min(1, 'choose at least one').max(webhookEvents.length),
  enabled: z.boolean(),
};

export const createWebhookRequestSchema = z.strictObject({
  ...webhookFields,
  events: webhookFields.events.default([...webhookEvents]),
  enabled: webhookFields.enabled.default(true),
});
export type CreateWebhookRequest = z.input<typeof createWebhookRequestSchema>;

export const updateWebhookRequestSchema = z.strictObject(webhookFields).partial();
export type UpdateWebhookRequest = z.input<typeof updateWebhookRequestSchema>;

export const webhookSchema = z.object({
  id: idSchema,
  ...webhookFields,
  createdAt: isoTime,
  /** Since when nothing was delivered; null when the last message was taken. */
  failingSince: isoTime.nullable(),
  /** Why it was switched off without anybody's hand. */
  disabledReason: z.string().nullable(),
});
export type Webhook = z.output<typeof webhookSchema>;

/** With the secret that signs (Standard Webhooks, `whsec_…`), which no other answer holds. */
export const webhookWithSecretSchema = webhookSchema.extend({ secret: z.string() });
export type WebhookWithSecret = z.output<typeof webhookWithSecretSchema>;

/** What is posted, signed as https://www.standardwebhooks.com says. `webhook-id` is the same for each attempt. */
export const webhookMessageSchema = z.object({
  type: z.enum([...webhookEvents, 'webhook.test']),
  timestamp: isoTime,
  data: z
    .union([recordingSchema, z.object({ id: idSchema }), z.object({ message: z.string() })])
    .describe('The recording as it was at that moment; of `recording.deleted` its id, of `webhook.test` a sentence.'),
});
export type WebhookMessage = z.output<typeof webhookMessageSchema>;

export const webhookDeliverySchema = z.object({
  id: idSchema,
  type: z.string(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  createdAt: isoTime,
  attempts: z.int(),
  attemptedAt: isoTime.nullable(),
  nextAttemptAt: isoTime.nullable(),
  /** Of the last attempt, as what follows. */
  status: z.int().nullable(),
  durationMs: z.int().nullable(),
  /** First bytes of the answer. */
  answer: z.string().nullable(),
  error: z.string().nullable(),
  /** What is sent. */
  message: z.unknown(),
});
export type WebhookDelivery = z.output<typeof webhookDeliverySchema>;
