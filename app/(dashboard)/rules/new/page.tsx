import type { Metadata } from 'next';
import { listRules, requireRole } from '../../../_control/pages.ts';
import { EditRule } from '../../../_ui/rules/edit-rule.tsx';

export const metadata: Metadata = { title: 'New rule' };

export default async function NewRulePage() {
  await requireRole('operator');
  return <EditRule rule={null} rules={await listRules()} />;
}
