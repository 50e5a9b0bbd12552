import { handle } from '../../../_control/http/handle.ts';
import { createWebhook, listWebhooks } from '../../../_control/webhooks/webhooks.ts';
import { createWebhookRequestSchema } from '../../../_control/webhooks-api.ts';

export const GET = handle({
  access: 'settings:write',
  run: async ({ control }) => ({ items: await listWebhooks(control), nextCursor: null }),
});

export const POST = handle({
  access: 'settings:write',
  body: createWebhookRequestSchema,
  status: 201,
  run: ({ control, body }) => createWebhook(control, body),
  note: (_, { id }) => ({ action: 'webhook.created', subject: { id } }),
});
