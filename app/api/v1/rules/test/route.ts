import { handle } from '../../../../_control/http/handle.ts';
import { testRuleRequestSchema } from '../../../../_control/rules-api.ts';
import { testRule } from '../../../../_control/test-rule.ts';

/** Changes nothing, so whoever may see rules may try one. */
export const POST = handle({
  access: 'rules:read',
  body: testRuleRequestSchema,
  run: async ({ control, body }) => ({ items: await testRule(control, body), nextCursor: null }),
});
