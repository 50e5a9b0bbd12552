'use client';

import { ListFilter, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Rule } from '../../_control/api.ts';
import { Button } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { PageHeader } from '../controls/page-header.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { RuleItem } from './rule-item.tsx';

/** Nobody else's changes arrive here by themselves: rules have no live events, and few hands. */
export function Rules({ rules: rendered }: { rules: readonly Rule[] }) {
  const [rules, setRules] = useState(rendered);
  const [editing, setEditing] = useState<{ rule: Rule | null; open: boolean; count: number }>({
    rule: null,
    open: false,
    count: 0,
  });

  const edit = (rule: Rule | null) => setEditing(({ count }) => ({ rule, open: true, count: count + 1 }));
  const keep = (rule: Rule) => {
    setRules((before) =>
      before.some((other) => other.id === rule.id)
        ? before.map((other) => (other.id === rule.id ? rule : other))
        : [...before, rule],
    );
  };
  const newRule = (
    <Button look="primary" icon={<Plus aria-hidden />} onClick={() => edit(null)}>
      New rule
    </Button>
  );

  return (
    <>
      <PageHeader title="Rules" actions={rules.length > 0 && newRule}>
        Participants who match a rule are recorded from when they publish until they leave.
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
              onEdit={() => edit(rule)}
              onChanged={keep}
              onDeleted={() => setRules((before) => before.filter((other) => other.id !== rule.id))}
            />
          ))}
        </ul>
      )}
      <RuleDialog
        key={editing.count}
        rule={editing.rule}
        open={editing.open}
        onOpenChange={(open) => setEditing((before) => ({ ...before, open }))}
        onSaved={keep}
      />
    </>
  );
}

function Pattern({ children }: { children: string }) {
  return (
    <code className="rounded-md whitespace-nowrap bg-sunken px-1.5 py-0.5 font-mono text-[0.8125rem] text-ink">
      {children}
    </code>
  );
}
