import { z } from 'zod';
import { idSchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { listDeliveries } from '../../../../../_control/webhooks/webhooks.ts';
import { listDeliveriesQuerySchema } from '../../../../../_control/webhooks-api.ts';

export const GET = handle({
  access: 'settings:write',
  params: z.object({ id: idSchema }),
  what: 'webhook',
  query: listDeliveriesQuerySchema,
  run: ({ control, params, query }) => listDeliveries(control, params.id, query),
});
