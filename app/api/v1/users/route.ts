import { pageQuerySchema } from '../../../_control/api.ts';
import { handle } from '../../../_control/http/handle.ts';
import { inviteUser, listUsersPage } from '../../../_control/users.ts';
import { createUserRequestSchema } from '../../../_control/users-api.ts';

export const GET = handle({
  access: 'access:write',
  query: pageQuerySchema,
  run: ({ control, query }) => listUsersPage(control, query),
});

export const POST = handle({
  access: 'access:write',
  body: createUserRequestSchema,
  status: 201,
  run: ({ control, body }) => inviteUser(control, body),
  note: (_, { user: { id, name } }) => ({ action: 'user.invited', subject: { id, name } }),
});
