import { z } from 'zod';
import { idSchema } from '../../../../_control/api.ts';
import { revokeApiKey } from '../../../../_control/api-keys.ts';
import { handle } from '../../../../_control/http/handle.ts';

/** The key stays in the list, so that it can be seen what it was. */
export const DELETE = handle({
  access: 'access:write',
  params: z.object({ id: idSchema }),
  what: 'API key',
  run: ({ control, params }) => revokeApiKey(control, params.id),
  note: (_, { id, name }) => ({ action: 'api-key.revoked', subject: { id, name } }),
});
