import { z } from 'zod';
import { idSchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { renewInvitation } from '../../../../../_control/users.ts';

export const POST = handle({
  access: 'access:write',
  params: z.object({ id: idSchema }),
  what: 'user',
  status: 201,
  run: ({ control, params }) => renewInvitation(control, params.id),
  note: (_, { user: { id, name } }) => ({ action: 'user.link-created', subject: { id, name } }),
});
