'use client';

import { KeyRound, Pencil, Send, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Webhook, WebhookDelivery, WebhookWithSecret } from '../../_control/webhooks-api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { Notice } from '../controls/notice.tsx';
import { Panel } from '../controls/panel.tsx';
import { Switch } from '../controls/switch.tsx';
import { DeliveryLog, type DeliveryPage } from './delivery-log.tsx';
import { SecretDialog } from './secret-dialog.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import { WebhookState } from './webhook-state.tsx';

export function WebhookPage({ webhook: rendered, log: renderedLog }: { webhook: Webhook; log: DeliveryPage }) {
  const [webhook, setWebhook] = useState(rendered);
  const [log, setLog] = useState(renderedLog);
  const [open, setOpen] = useState<'edit' | 'delete' | 'secret'>();
  const [replaced, setReplaced] = useState<WebhookWithSecret>();
  const router = useRouter();
  const path = `/api/v1/webhooks/${webhook.id}`;

  /** What was just sent says how the webhook is, too. */
  const noteDelivery = async (delivery: WebhookDelivery) => {
    setLog((before) => ({ ...before, items: [delivery, ...before.items.filter(({ id }) => id !== delivery.id)] }));
    if (delivery.state === 'delivered') toast.success(`Delivered: it answered ${delivery.status}`);
    else toast.error(delivery.error ?? 'It was not delivered');
    setWebhook(await callApi<Webhook>('GET', path));
    // The settings say whether one of them needs attention.
    router.refresh();
  };
  const sendTest = useAction(async () => noteDelivery(await callApi<WebhookDelivery>('POST', `${path}/test`)));
  const toggle = useAction(async (enabled: boolean) => {
    setWebhook(await callApi<Webhook>('PATCH', path, { enabled }));
    router.refresh();
  });
  const replaceSecret = useAction(async () => {
    setReplaced(await callApi<WebhookWithSecret>('POST', `${path}/secret`));
    setOpen(undefined);
  });
  const remove = useAction(async () => {
    await callApi('DELETE', path);
    router.push('/settings/webhooks');
    router.refresh();
  });

  return (
    <>
      <p>
        <Link href="/settings/webhooks" className="text-ink-muted hover:text-ink hover:underline">
          ← All webhooks
        </Link>
      </p>
      {webhook.disabledReason !== null && (
        <Notice
          tone="bad"
          title="Switched off by itself"
          action={
            <Button size="small" pending={toggle.pending} onClick={() => toggle.run(false)}>
              Leave it off
            </Button>
          }
        >
          {webhook.disabledReason} Put its receiver right, send a test, then switch it on: what waits is sent then.
        </Notice>
      )}
      <Panel
        title={<span className="any-text font-mono text-[0.8125rem]">{webhook.url}</span>}
        aside={
          <Switch
            checked={webhook.enabled}
            onCheckedChange={(enabled) => toggle.run(enabled)}
            disabled={toggle.pending}
            aria-label="On"
          />
        }
      >
        <div className="space-y-4 px-4 py-4">
          <WebhookState webhook={webhook} />
          <ul aria-label="Events" className="flex flex-wrap gap-1.5">
            {webhook.events.map((event) => (
              <li key={event} className="rounded-md bg-sunken px-1.5 py-0.5 font-mono text-xs">
                {event}
              </li>
            ))}
          </ul>
          <div className="flex flex-wrap gap-2">
            <Button
              size="small"
              look="primary"
              icon={<Send aria-hidden />}
              pending={sendTest.pending}
              onClick={() => sendTest.run()}
            >
              Send a test
            </Button>
            <Button size="small" icon={<Pencil aria-hidden />} onClick={() => setOpen('edit')}>
              Edit
            </Button>
            <Button size="small" icon={<KeyRound aria-hidden />} onClick={() => setOpen('secret')}>
              New secret
            </Button>
            <Button size="small" icon={<Trash2 aria-hidden />} onClick={() => setOpen('delete')}>
              Delete
            </Button>
          </div>
        </div>
      </Panel>
      <DeliveryLog path={path} log={log} onLog={setLog} onSent={noteDelivery} />
      <WebhookDialog
        key={String(open === 'edit')}
        webhook={webhook}
        open={open === 'edit'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'edit' : undefined)}
        onSaved={setWebhook}
      />
      <SecretDialog created={replaced} onClose={() => setReplaced(undefined)} />
      <ConfirmDialog
        open={open === 'secret'}
        onOpenChange={(isOpen) => !isOpen && setOpen(undefined)}
        title="Replace the secret?"
        action="Replace"
        pending={replaceSecret.pending}
        onConfirm={() => replaceSecret.run()}
      >
        The old one signs nothing from now on: until its receiver has the new one, it will refuse messages. They are
        sent again for a day.
      </ConfirmDialog>
      <ConfirmDialog
        open={open === 'delete'}
        onOpenChange={(isOpen) => !isOpen && setOpen(undefined)}
        title="Delete this webhook?"
        action="Delete"
        pending={remove.pending}
        onConfirm={() => remove.run()}
      >
        Its log goes, and what waits to be sent is not sent.
      </ConfirmDialog>
    </>
  );
}
