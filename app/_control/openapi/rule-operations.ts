import * as api from '../api.ts';
import * as rules from '../rules-api.ts';
import { type Operations, page } from './operation.ts';

export const ruleOperations: Operations = {
  '/api/v1/rules': {
    get: {
      summary: 'Auto-record rules, in the order in which they are tried',
      query: api.pageQuerySchema,
      answer: page(api.ruleSchema),
      problems: [400],
    },
    post: {
      summary: 'Create a rule',
      body: api.createRuleRequestSchema,
      status: 201,
      answer: api.ruleSchema,
      problems: [400, 409, 413, 415],
    },
  },
  '/api/v1/rules/test': {
    post: {
      summary: 'Whom a rule would record, without saving it',
      description:
        'Judges one participant, or everybody who is there now, by the rule as it was sent and by the enabled rules that come ' +
        'before it: the first that matches records. Nothing is changed.',
      body: rules.testRuleRequestSchema,
      answer: page(rules.ruleVerdictSchema),
      problems: [400, 413, 415],
    },
  },
  '/api/v1/rules/{id}': {
    get: { summary: 'A rule', answer: api.ruleSchema, problems: [404] },
    patch: {
      summary: 'Change a rule',
      body: api.updateRuleRequestSchema,
      answer: api.ruleSchema,
      problems: [400, 404, 413, 415],
    },
    delete: { summary: 'Delete a rule; its recordings stay', status: 204, problems: [404] },
  },
};
