import { z } from 'zod';
import { idSchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { sendTest } from '../../../../../_control/webhooks/webhooks.ts';

export const POST = handle({
  access: 'settings:write',
  params: z.object({ id: idSchema }),
  what: 'webhook',
  run: ({ control, params }) => sendTest(control, params.id),
});
