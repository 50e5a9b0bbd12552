import { z } from 'zod';
import { idSchema } from '../../../../_control/api.ts';
import { handle } from '../../../../_control/http/handle.ts';
import { deleteUser, getUser, updateUser } from '../../../../_control/users.ts';
import { updateUserRequestSchema } from '../../../../_control/users-api.ts';

const params = z.object({ id: idSchema });

export const GET = handle({
  access: 'access:write',
  params,
  what: 'user',
  run: ({ control, params }) => getUser(control, params.id),
});

export const PATCH = handle({
  access: 'access:write',
  params,
  what: 'user',
  body: updateUserRequestSchema,
  run: ({ control, params, body }) => updateUser(control, params.id, body),
  note: (_, { id, name }) => ({ action: 'user.changed', subject: { id, name } }),
});

export const DELETE = handle({
  access: 'access:write',
  params,
  what: 'user',
  run: ({ control, params }) => deleteUser(control, params.id),
  note: ({ params }) => ({ action: 'user.deleted', subject: params }),
});
