'use client';

import { toast } from 'sonner';
import { webhookEvents } from '../../_control/webhooks/webhook-events.ts';
import type { Webhook, WebhookWithSecret } from '../../_control/webhooks-api.ts';
import { callApi } from '../api/call-api.ts';
import { textOf, useSubmit } from '../api/use-submit.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { Checkbox, Field, Input } from '../controls/field.tsx';

interface WebhookDialogProps {
  /** Null: a new one. */
  webhook: Webhook | null;
  open: boolean;
  onOpenChange(open: boolean): void;
  onSaved(webhook: Webhook | WebhookWithSecret): void;
}

const meanings: Record<(typeof webhookEvents)[number], string> = {
  'recording.started': 'The first media is there',
  'recording.paused': 'Somebody paused it',
  'recording.resumed': 'It goes on',
  'recording.ready': 'Its files are finished',
  'recording.failed': 'It ended without a file',
  'recording.absent': 'Nobody published anything',
  'recording.deleted': 'It is gone, with its media',
};

export function WebhookDialog({ webhook, open, onOpenChange, onSaved }: WebhookDialogProps) {
  const form = useSubmit(['url', 'events'], async (data) => {
    const fields = { url: textOf(data, 'url').trim(), events: data.getAll('events').map(String) };
    const saved = await (webhook === null
      ? callApi<WebhookWithSecret>('POST', '/api/v1/webhooks', fields)
      : callApi<Webhook>('PATCH', `/api/v1/webhooks/${webhook.id}`, fields));
    onOpenChange(false);
    onSaved(saved);
    if (webhook !== null) toast.success('Webhook saved');
  });
  const chosen: readonly string[] = webhook?.events ?? webhookEvents;

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={webhook === null ? 'New webhook' : 'Edit webhook'}>
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label="Address" error={form.errors.url} hint="Messages are posted here as JSON.">
          {(control) => (
            <Input
              {...control}
              name="url"
              type="url"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder="https://example.com/hooks/recordings"
              defaultValue={webhook?.url}
            />
          )}
        </Field>
        <fieldset>
          <legend className="mb-1 font-medium">Tell it when</legend>
          {webhookEvents.map((event) => (
            <Checkbox key={event} name="events" value={event} defaultChecked={chosen.includes(event)}>
              <span className="flex flex-wrap items-baseline gap-x-2 py-0.5">
                <span className="font-mono text-[0.8125rem]">{event}</span>
                <span className="text-xs text-ink-muted">{meanings[event]}</span>
              </span>
            </Checkbox>
          ))}
          {form.errors.events !== undefined && (
            <p className="mt-1 text-xs text-live-ink first-letter:uppercase">{form.errors.events}</p>
          )}
        </fieldset>
        {form.message !== undefined && (
          <p role="alert" className="text-live-ink">
            {form.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" look="primary" pending={form.pending}>
            {webhook === null ? 'Create webhook' : 'Save webhook'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
