import { z } from 'zod';
import { idSchema } from '../../../../../_control/api.ts';
import { getHistory } from '../../../../../_control/get-history.ts';
import { handle } from '../../../../../_control/http/handle.ts';

export const GET = handle({
  access: 'recordings:read',
  params: z.object({ id: idSchema }),
  what: 'recording',
  run: ({ control, params }) => getHistory(control, params.id),
});
