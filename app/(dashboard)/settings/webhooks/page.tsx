import type { Metadata } from 'next';
import { requireRole } from '../../../_control/pages.ts';
import { listWebhooks } from '../../../_control/settings-pages.ts';
import { Webhooks } from '../../../_ui/webhooks/webhooks.tsx';

export const metadata: Metadata = { title: 'Webhooks · Settings' };

export default async function WebhooksPage() {
  await requireRole('admin');
  return <Webhooks webhooks={await listWebhooks()} />;
}
