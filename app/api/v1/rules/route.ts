import { createRuleRequestSchema, pageQuerySchema } from '../../../_control/api.ts';
import { handle } from '../../../_control/http/handle.ts';
import { createRule, listRulesPage } from '../../../_control/rules.ts';

export const GET = handle({
  access: 'rules:read',
  query: pageQuerySchema,
  run: ({ control, query }) => listRulesPage(control, query),
});

export const POST = handle({
  access: 'rules:write',
  body: createRuleRequestSchema,
  status: 201,
  run: ({ control, body }) => createRule(control, body),
  note: (_, { id, name }) => ({ action: 'rule.created', subject: { id, name } }),
});
