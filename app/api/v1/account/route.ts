import { getAccount, updateAccount } from '../../../_control/account.ts';
import { handle } from '../../../_control/http/handle.ts';
import { updateAccountRequestSchema } from '../../../_control/users-api.ts';

export const GET = handle({ access: 'known', run: ({ control, caller }) => getAccount(control, caller) });

export const PATCH = handle({
  access: 'known',
  body: updateAccountRequestSchema,
  run: ({ control, caller, body }) => updateAccount(control, caller, body),
  note: (_, { id, name }) => ({ action: 'account.changed', ...(id !== null && { subject: { id, name } }) }),
});
