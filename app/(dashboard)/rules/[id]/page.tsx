import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { listRules, requireRole } from '../../../_control/pages.ts';
import { EditRule } from '../../../_ui/rules/edit-rule.tsx';

export const metadata: Metadata = { title: 'Edit rule' };

export default async function EditRulePage({ params }: { params: Promise<{ id: string }> }) {
  await requireRole('operator');
  const rules = await listRules();
  const { id } = await params;
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined) notFound();
  return <EditRule rule={rule} rules={rules} />;
}
