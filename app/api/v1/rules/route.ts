import { createRuleRequestSchema } from '../../../_control/api.ts';
import { handle } from '../../../_control/http/handle.ts';
import { createRule, listRules } from '../../../_control/rules.ts';

export const GET = handle({
  access: 'rules:read',
  run: async ({ control }) => ({ items: await listRules(control), nextCursor: null }),
});

export const POST = handle({
  access: 'rules:write',
  body: createRuleRequestSchema,
  status: 201,
  run: ({ control, body }) => createRule(control, body),
});
