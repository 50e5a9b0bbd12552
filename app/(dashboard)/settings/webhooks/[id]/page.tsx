import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { requireRole } from '../../../../_control/pages.ts';
import { findWebhookWithLog } from '../../../../_control/settings-pages.ts';
import { WebhookPage } from '../../../../_ui/webhooks/webhook-page.tsx';

export const metadata: Metadata = { title: 'Webhook · Settings' };

export default async function OneWebhookPage({ params }: { params: Promise<{ id: string }> }) {
  await requireRole('admin');
  const found = await findWebhookWithLog((await params).id);
  if (!found) notFound();
  return <WebhookPage webhook={found.webhook} log={found.log} />;
}
