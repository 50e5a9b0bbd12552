import { handle } from '../../../_control/http/handle.ts';
import { inviteUser, listUsers } from '../../../_control/users.ts';
import { createUserRequestSchema } from '../../../_control/users-api.ts';

export const GET = handle({
  access: 'access:write',
  run: async ({ control }) => ({ items: await listUsers(control), nextCursor: null }),
});

export const POST = handle({
  access: 'access:write',
  body: createUserRequestSchema,
  status: 201,
  run: ({ control, body }) => inviteUser(control, body),
});
