import type { Metadata } from 'next';
import { requireRole } from '../../../_control/pages.ts';
import { connectionFacts, listWorkers } from '../../../_control/settings-pages.ts';
import { CheckPanel } from '../../../_ui/settings/check-panel.tsx';
import { WebhookSetUp } from '../../../_ui/settings/webhook-set-up.tsx';
import { WorkersPanel } from '../../../_ui/settings/workers-panel.tsx';

export const metadata: Metadata = { title: 'Connections · Settings' };

export default async function ConnectionsPage() {
  await requireRole('admin');
  const [facts, { workers, version }] = await Promise.all([connectionFacts(), listWorkers()]);
  return (
    <>
      <CheckPanel title="LiveKit" place={facts.livekitUrl} path="/api/v1/checks/livekit" />
      <WebhookSetUp url={facts.webhookUrl} apiKey={facts.livekitApiKey} />
      <WorkersPanel workers={workers} version={version} />
    </>
  );
}
