'use client';

import type { WebhookWithSecret } from '../../_control/webhooks-api.ts';
import { Button } from '../controls/button.tsx';
import { CodeBlock } from '../controls/code-block.tsx';
import { Dialog } from '../controls/dialog.tsx';

/** The only sight of it there is. */
export function SecretDialog({ created, onClose }: { created: WebhookWithSecret | undefined; onClose(): void }) {
  return (
    <Dialog
      open={created !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title="The secret of this webhook"
      description="It is shown this once. Give it to whoever receives the messages."
    >
      <div className="space-y-4">
        <CodeBlock wraps name="the secret" code={created?.secret ?? ''} />
        <p className="text-pretty text-ink-muted">
          Messages are signed as{' '}
          <a
            href="https://www.standardwebhooks.com"
            target="_blank"
            rel="noreferrer"
            className="text-ink underline underline-offset-2"
          >
            Standard Webhooks
          </a>{' '}
          says; its libraries verify them with this secret, in most languages.
        </p>
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
