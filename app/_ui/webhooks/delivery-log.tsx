'use client';

import { CircleCheck, CircleX, Clock, RefreshCw } from 'lucide-react';
import type { Page } from '../../_control/created-page.ts';
import type { WebhookDelivery } from '../../_control/webhooks-api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { Panel } from '../controls/panel.tsx';
import { formatSpan } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';
import { DeliveryDetails } from './delivery-details.tsx';

export type DeliveryPage = Page<WebhookDelivery>;

interface DeliveryLogProps {
  /** Of the webhook in the API. */
  path: string;
  log: DeliveryPage;
  onLog(log: DeliveryPage): void;
  onSent(delivery: WebhookDelivery): Promise<void>;
}

const states = {
  delivered: { Icon: CircleCheck, className: 'text-good-ink', says: 'Delivered' },
  waiting: { Icon: Clock, className: 'text-warn-ink', says: 'Waits' },
  failed: { Icon: CircleX, className: 'text-live-ink', says: 'Failed' },
} as const;

export function DeliveryLog({ path, log, onLog, onSent }: DeliveryLogProps) {
  const load = useAction(async (cursor: string | null) => {
    const page = await callApi<DeliveryPage>('GET', `${path}/deliveries${cursor === null ? '' : `?cursor=${cursor}`}`);
    onLog(cursor === null ? page : { ...page, items: [...log.items, ...page.items] });
  });
  return (
    <Panel
      title="Messages"
      aside={
        <Button
          look="quiet"
          size="icon"
          aria-label="Look again"
          icon={<RefreshCw aria-hidden />}
          pending={load.pending}
          onClick={() => load.run(null)}
        />
      }
    >
      {log.items.length === 0 ? (
        <p className="px-4 py-8 text-center text-ink-muted">
          Nothing was sent yet. Send a test, or start a recording that it shall hear of.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {log.items.map((delivery) => (
            <Delivery key={delivery.id} path={path} delivery={delivery} onSent={onSent} />
          ))}
        </ul>
      )}
      {log.nextCursor !== null && (
        <div className="border-t border-line px-4 py-3 text-center">
          <Button size="small" pending={load.pending} onClick={() => load.run(log.nextCursor)}>
            Show older ones
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Delivery({
  path,
  delivery,
  onSent,
}: Pick<DeliveryLogProps, 'path' | 'onSent'> & { delivery: WebhookDelivery }) {
  const { Icon, className, says } = states[delivery.state];
  return (
    <li>
      <details className="group">
        <summary className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 px-4 py-2.5 hover:bg-hover">
          <Icon role="img" aria-label={says} className={`mt-0.5 size-4 ${className}`} />
          <span className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5">
            <span className="min-w-0 flex-1 basis-44 truncate font-mono text-[0.8125rem]">{delivery.type}</span>
            <span className="figures text-xs text-ink-muted">
              {delivery.status ?? (delivery.attempts === 0 ? 'not tried yet' : 'no answer')}
              {delivery.durationMs !== null && ` · ${formatSpan(delivery.durationMs)}`}
              {delivery.attempts > 1 && ` · ${delivery.attempts} attempts`}
            </span>
            <span className="text-xs text-ink-muted">
              <LocalTime at={delivery.createdAt} shape="second" />
            </span>
          </span>
        </summary>
        <DeliveryDetails path={path} delivery={delivery} onSent={onSent} />
      </details>
    </li>
  );
}
