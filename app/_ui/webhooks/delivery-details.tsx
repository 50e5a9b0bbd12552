'use client';

import { Send } from 'lucide-react';
import type { WebhookDelivery } from '../../_control/webhooks-api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { CodeBlock } from '../controls/code-block.tsx';
import { LocalTime } from '../text/local-time.tsx';

interface DeliveryDetailsProps {
  path: string;
  delivery: WebhookDelivery;
  onSent(delivery: WebhookDelivery): Promise<void>;
}

export function DeliveryDetails({ path, delivery, onSent }: DeliveryDetailsProps) {
  const resend = useAction(async () =>
    onSent(await callApi<WebhookDelivery>('POST', `${path}/deliveries/${delivery.id}/resend`)),
  );
  return (
    <div className="space-y-3 border-t border-line px-4 py-3">
      {delivery.error !== null && <p className="text-live-ink">{delivery.error}</p>}
      {delivery.nextAttemptAt !== null && (
        <p className="text-ink-muted">
          It is sent again <LocalTime at={delivery.nextAttemptAt} shape="second" />.
        </p>
      )}
      {delivery.answer !== null && delivery.answer !== '' && (
        <div className="space-y-1">
          <p className="text-xs text-ink-faint">It answered</p>
          <CodeBlock name="the answer" code={delivery.answer} />
        </div>
      )}
      <div className="space-y-1">
        <p className="text-xs text-ink-faint">
          Message <span className="font-mono">msg_{delivery.id}</span>
        </p>
        <CodeBlock name="the message" code={JSON.stringify(delivery.message, null, 2)} />
      </div>
      <Button size="small" icon={<Send aria-hidden />} pending={resend.pending} onClick={() => resend.run()}>
        Send again
      </Button>
    </div>
  );
}
