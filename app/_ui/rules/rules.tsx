'use client';

import { ListFilter, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Rule } from '../../_control/api.ts';
import { ButtonLink } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { PageHeader } from '../controls/page-header.tsx';
import { useMay } from '../user/use-may.tsx';
import { Pattern } from './pattern-help.tsx';
import { RuleItem } from './rule-item.tsx';

/** Nobody else's changes arrive here by themselves: rules have no live events, and few hands. */
export function Rules({ rules: rendered }: { rules: readonly Rule[] }) {
  const [rules, setRules] = useState(rendered);
  const newRule = useMay('operator') && (
    <ButtonLink href="/rules/new" look="primary" icon={<Plus aria-hidden />}>
      New rule
    </ButtonLink>
  );

  return (
    <>
      <PageHeader title="Rules" actions={rules.length > 0 && newRule}>
        Participants who match a rule are recorded from when they publish until they leave. The first rule that matches
        counts.
      </PageHeader>
      {rules.length === 0 ? (
        <EmptyState icon={<ListFilter aria-hidden />} title="No rules yet" actions={newRule}>
          A rule names rooms and participants by pattern, such as <Pattern>interview-*</Pattern>. Everyone who matches
          is recorded with nobody pressing anything.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
          {rules.map((rule) => (
            <RuleItem
              key={rule.id}
              rule={rule}
              onChanged={(changed) =>
                setRules((before) => before.map((other) => (other.id === changed.id ? changed : other)))
              }
              onDeleted={() => setRules((before) => before.filter((other) => other.id !== rule.id))}
            />
          ))}
        </ul>
      )}
    </>
  );
}
