import type { Recording } from '../../_control/api.ts';

export type RuleNames = Readonly<Record<string, string>>;

/** Who started it: `by rule Interviews`, `by hand`, `over the API`. */
export function originText(recording: Pick<Recording, 'origin' | 'ruleId'>, ruleNames: RuleNames): string {
  if (recording.origin === 'user') return 'by hand';
  if (recording.origin === 'api') return 'over the API';
  const name = recording.ruleId === null ? undefined : ruleNames[recording.ruleId];
  return name === undefined ? 'by a rule' : `by rule ${name}`;
}

export function ruleNamesOf(rules: readonly { id: string; name: string }[]): RuleNames {
  return Object.fromEntries(rules.map((rule) => [rule.id, rule.name]));
}
