import { z } from 'zod';
import { idSchema, pageQuerySchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { listDeliveries } from '../../../../../_control/webhooks/webhooks.ts';

export const GET = handle({
  access: 'settings:write',
  params: z.object({ id: idSchema }),
  what: 'webhook',
  query: pageQuerySchema,
  run: ({ control, params, query }) => listDeliveries(control, params.id, query),
});
