import type { Metadata } from 'next';
import { listRules, requireSession } from '../../_control/pages.ts';
import { Rules } from '../../_ui/rules/rules.tsx';

export const metadata: Metadata = { title: 'Rules' };

export default async function RulesPage() {
  await requireSession();
  return <Rules rules={await listRules()} />;
}
