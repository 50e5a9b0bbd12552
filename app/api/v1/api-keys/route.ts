import { createApiKey, listApiKeys } from '../../../_control/api-keys.ts';
import { handle } from '../../../_control/http/handle.ts';
import { createApiKeyRequestSchema } from '../../../_control/users-api.ts';

export const GET = handle({
  access: 'access:write',
  run: async ({ control }) => ({ items: await listApiKeys(control), nextCursor: null }),
});

export const POST = handle({
  access: 'access:write',
  body: createApiKeyRequestSchema,
  status: 201,
  run: ({ control, body, caller }) => createApiKey(control, body, caller.kind === 'session' ? caller.userId : null),
  note: (_, { id, name }) => ({ action: 'api-key.created', subject: { id, name } }),
});
