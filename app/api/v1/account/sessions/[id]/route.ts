import { z } from 'zod';
import { idSchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { endSession } from '../../../../../_control/sessions.ts';

export const DELETE = handle({
  access: 'known',
  params: z.object({ id: idSchema }),
  what: 'session',
  run: ({ control, caller, params }) => endSession(control, caller, params.id),
});
