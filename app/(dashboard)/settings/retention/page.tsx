import type { Metadata } from 'next';
import { requireRole } from '../../../_control/pages.ts';
import { getRetention } from '../../../_control/settings-pages.ts';
import { RetentionPanel } from '../../../_ui/settings/retention-panel.tsx';

export const metadata: Metadata = { title: 'Retention · Settings' };

export default async function RetentionPage() {
  await requireRole('admin');
  return <RetentionPanel retention={await getRetention()} />;
}
