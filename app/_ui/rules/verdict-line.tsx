import { Check, Minus } from 'lucide-react';
import type { Rule } from '../../_control/api.ts';
import type { Verdict } from '../../_control/judge-rule.ts';
import { verdictText } from './verdict-text.ts';

export function VerdictLine({ verdict: { because, earlier } }: { verdict: Verdict<Rule> }) {
  const Icon = because === null ? Check : Minus;
  return (
    <span className={because === null ? 'text-good-ink' : 'text-ink-muted'}>
      <Icon aria-hidden className="mr-1.5 inline size-4 align-text-bottom" />
      {verdictText(because, earlier?.name)}
    </span>
  );
}
