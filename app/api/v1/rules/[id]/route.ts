import { z } from 'zod';
import { idSchema, updateRuleRequestSchema } from '../../../../_control/api.ts';
import { handle } from '../../../../_control/http/handle.ts';
import { deleteRule, getRule, updateRule } from '../../../../_control/rules.ts';

const params = z.object({ id: idSchema });

export const GET = handle({
  access: 'rules:read',
  params,
  what: 'rule',
  run: ({ control, params }) => getRule(control, params.id),
});

export const PATCH = handle({
  access: 'rules:write',
  params,
  what: 'rule',
  body: updateRuleRequestSchema,
  run: ({ control, params, body }) => updateRule(control, params.id, body),
  note: (_, { id, name }) => ({ action: 'rule.changed', subject: { id, name } }),
});

export const DELETE = handle({
  access: 'rules:write',
  params,
  what: 'rule',
  run: ({ control, params }) => deleteRule(control, params.id),
  note: ({ params }) => ({ action: 'rule.deleted', subject: params }),
});
