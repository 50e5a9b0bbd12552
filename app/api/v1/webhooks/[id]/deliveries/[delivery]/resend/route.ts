import { z } from 'zod';
import { idSchema } from '../../../../../../../_control/api.ts';
import { handle } from '../../../../../../../_control/http/handle.ts';
import { resend } from '../../../../../../../_control/webhooks/webhooks.ts';

export const POST = handle({
  access: 'settings:write',
  params: z.object({ id: idSchema, delivery: idSchema }),
  what: 'message',
  run: ({ control, params }) => resend(control, params.id, params.delivery),
});
