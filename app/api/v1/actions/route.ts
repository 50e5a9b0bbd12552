import { listActions } from '../../../_control/actions.ts';
import { pageQuerySchema } from '../../../_control/api.ts';
import { handle } from '../../../_control/http/handle.ts';

export const GET = handle({
  access: 'access:write',
  query: pageQuerySchema,
  run: ({ control, query }) => listActions(control, query),
});
