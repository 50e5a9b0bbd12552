import { z } from 'zod';
import { idSchema } from '../../../../_control/api.ts';
import { handle } from '../../../../_control/http/handle.ts';
import { deleteWebhook, getWebhook, updateWebhook } from '../../../../_control/webhooks/webhooks.ts';
import { updateWebhookRequestSchema } from '../../../../_control/webhooks-api.ts';

const params = z.object({ id: idSchema });

export const GET = handle({
  access: 'settings:write',
  params,
  what: 'webhook',
  run: ({ control, params }) => getWebhook(control, params.id),
});

export const PATCH = handle({
  access: 'settings:write',
  params,
  what: 'webhook',
  body: updateWebhookRequestSchema,
  run: ({ control, params, body }) => updateWebhook(control, params.id, body),
  note: ({ params }) => ({ action: 'webhook.changed', subject: params }),
});

export const DELETE = handle({
  access: 'settings:write',
  params,
  what: 'webhook',
  run: ({ control, params }) => deleteWebhook(control, params.id),
  note: ({ params }) => ({ action: 'webhook.deleted', subject: params }),
});
