import { ChevronLeft } from 'lucide-react';
import Link from 'next/link';
import type { Rule } from '../../_control/api.ts';
import { PageHeader } from '../controls/page-header.tsx';
import { RuleForm } from './rule-form.tsx';

interface EditRuleProps {
  /** Null: a new one. */
  rule: Rule | null;
  rules: readonly Rule[];
}

export function EditRule({ rule, rules }: EditRuleProps) {
  return (
    <>
      <Link
        href="/rules"
        className="mb-3 -ml-1 inline-flex items-center gap-1 rounded-md pr-1 text-ink-muted hover:text-ink"
      >
        <ChevronLeft aria-hidden className="size-4" />
        Rules
      </Link>
      <PageHeader title={rule === null ? 'New rule' : 'Edit rule'}>
        It takes effect when it is saved, also for participants who are there already.
      </PageHeader>
      <RuleForm rule={rule} rules={rules} />
    </>
  );
}
