import { pageQuerySchema } from '../api.ts';
import * as webhooks from '../webhooks-api.ts';
import { type Operations, page } from './operation.ts';

export const webhookOperations: Operations = {
  '/api/v1/webhooks': {
    get: { summary: 'Where outgoing webhooks go; for admins', answer: page(webhooks.webhookSchema) },
    post: {
      summary: 'Send webhooks to an address; the secret that signs them is answered this once',
      description:
        'Messages are signed as https://www.standardwebhooks.com says, so its libraries verify them. Each comes at least once: ' +
        'what is not answered by 2xx within 15 s is sent again, later each time, for more than a day, always with the same ' +
        '`webhook-id`. Redirects are not followed, and private addresses not reached unless WEBHOOK_ALLOW_PRIVATE names them.',
      body: webhooks.createWebhookRequestSchema,
      status: 201,
      answer: webhooks.webhookWithSecretSchema,
      problems: [400, 409, 413, 415],
    },
  },
  '/api/v1/webhooks/{id}': {
    get: { summary: 'A webhook', answer: webhooks.webhookSchema, problems: [404] },
    patch: {
      summary: 'Change a webhook, switch it off or on',
      body: webhooks.updateWebhookRequestSchema,
      answer: webhooks.webhookSchema,
      problems: [400, 404, 413, 415],
    },
    delete: { summary: 'Delete a webhook, with its log and what waits to be sent', status: 204, problems: [404] },
  },
  '/api/v1/webhooks/{id}/secret': {
    post: {
      summary: 'Another secret; the one before signs nothing from now on',
      answer: webhooks.webhookWithSecretSchema,
      problems: [404],
    },
  },
  '/api/v1/webhooks/{id}/test': {
    post: {
      summary: 'Send a message of the type `webhook.test` now; the answer says how it went',
      answer: webhooks.webhookDeliverySchema,
      problems: [404, 409],
    },
  },
  '/api/v1/webhooks/{id}/deliveries': {
    get: {
      summary: 'What was sent and how it went, newest first, for seven days',
      query: pageQuerySchema,
      answer: page(webhooks.webhookDeliverySchema),
      problems: [400, 404],
    },
  },
  '/api/v1/webhooks/{id}/deliveries/{delivery}/resend': {
    post: {
      summary: 'Send a message again now, with the same `webhook-id`',
      answer: webhooks.webhookDeliverySchema,
      problems: [404, 409],
    },
  },
};
