'use client';

import { ChevronRight, Plus, Webhook as WebhookIcon } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { Webhook, WebhookWithSecret } from '../../_control/webhooks-api.ts';
import { Button } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { Panel } from '../controls/panel.tsx';
import { SecretDialog } from './secret-dialog.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import { WebhookState } from './webhook-state.tsx';

export function Webhooks({ webhooks: rendered }: { webhooks: readonly Webhook[] }) {
  const [webhooks, setWebhooks] = useState(rendered);
  const [editing, setEditing] = useState(false);
  const [created, setCreated] = useState<WebhookWithSecret>();

  const add = (
    <Button look="primary" size="small" icon={<Plus aria-hidden />} onClick={() => setEditing(true)}>
      New webhook
    </Button>
  );
  return (
    <>
      {webhooks.length === 0 ? (
        <EmptyState icon={<WebhookIcon aria-hidden />} title="No webhooks yet" actions={add}>
          A webhook tells another program when a recording begins, is ready, or fails: signed, and sent again until it
          is taken.
        </EmptyState>
      ) : (
        <Panel title="Webhooks" aside={add}>
          <ul className="divide-y divide-line">
            {webhooks.map((webhook) => (
              <li key={webhook.id} className="relative flex items-center gap-4 px-4 py-3 hover:bg-hover">
                <div className="min-w-0 flex-1">
                  <Link
                    href={`/settings/webhooks/${webhook.id}`}
                    className="any-text font-mono text-[0.8125rem] font-medium after:absolute after:inset-0"
                  >
                    {webhook.url}
                  </Link>
                  <p className="mt-1 flex flex-wrap gap-x-3 gap-y-1 text-xs text-ink-muted">
                    <WebhookState webhook={webhook} />
                    <span>{webhook.events.length === 1 ? '1 event' : `${webhook.events.length} events`}</span>
                  </p>
                </div>
                <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-faint" />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <WebhookDialog
        key={webhooks.length}
        webhook={null}
        open={editing}
        onOpenChange={setEditing}
        onSaved={(webhook) => {
          setWebhooks((before) => [...before, webhook]);
          if ('secret' in webhook) setCreated(webhook);
        }}
      />
      <SecretDialog created={created} onClose={() => setCreated(undefined)} />
    </>
  );
}
