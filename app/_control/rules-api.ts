/** The part of the HTTP contract that tries rules out. */
import { z } from 'zod';
import { createRuleRequestSchema, idSchema, nameSchema, participantKinds } from './api.ts';
import { refusals } from './judge-rule.ts';

export const testRuleRequestSchema = z.strictObject({
  rule: createRuleRequestSchema.partial({ name: true }),
  /** The rule that is being changed: those after it do not count. Unset: a new one, which comes after all others. */
  ruleId: idSchema.optional(),
  /** Somebody who may publish. Unset: everybody who is there now. */
  participant: z
    .strictObject({
      room: nameSchema,
      identity: nameSchema,
      kind: z.enum(participantKinds).default('standard'),
      metadata: z.string().max(65_536).default(''),
    })
    .optional(),
});
export type TestRuleRequest = z.output<typeof testRuleRequestSchema>;

export const ruleVerdictSchema = z.object({
  room: z.string(),
  identity: z.string(),
  kind: z.enum(participantKinds),
  wouldRecord: z.boolean(),
  /** Why not: what does not match, or that another rule comes before it. */
  because: z.enum(refusals).nullable(),
  /** With `earlier`: the rule that records them. */
  earlierRuleId: idSchema.nullable(),
});
export type RuleVerdict = z.infer<typeof ruleVerdictSchema>;
