/** Would this rule record that participant? Pure: the API and the page that edits a rule say the same. */
import { findRule, type JudgedParticipant, mismatchOf, publishesFor, type RecordingRule } from './match-rule.ts';

/** Why it would not. `earlier`: another rule comes first and records the participant by its own terms. */
export const refusals = ['off', 'room', 'identity', 'kind', 'metadata', 'cannot-publish', 'earlier'] as const;

export interface Verdict<Rule> {
  /** Null: it would be recorded by this rule. */
  because: (typeof refusals)[number] | null;
  /** With `earlier`: which one. */
  earlier: Rule | null;
}

/** @param before the enabled rules that come before it, in their order */
export function judgeRule<Rule extends RecordingRule>(
  rule: RecordingRule & { enabled: boolean },
  before: readonly Rule[],
  room: string,
  participant: JudgedParticipant,
): Verdict<Rule> {
  const mismatch = mismatchOf(rule, room, participant);
  if (mismatch !== undefined) return { because: mismatch, earlier: null };
  if (!participant.canPublish && !publishesFor(rule, participant)) return { because: 'cannot-publish', earlier: null };
  const earlier = findRule(before, room, participant);
  if (earlier !== undefined) return { because: 'earlier', earlier };
  return { because: rule.enabled ? null : 'off', earlier: null };
}

/** Rules are asked in the order in which they were made; a new one comes last. */
export function rulesBefore<Rule extends { id: string; enabled: boolean }>(
  rules: readonly Rule[],
  id: string | null,
): Rule[] {
  const at = id === null ? -1 : rules.findIndex((rule) => rule.id === id);
  return (at < 0 ? rules : rules.slice(0, at)).filter((rule) => rule.enabled);
}
