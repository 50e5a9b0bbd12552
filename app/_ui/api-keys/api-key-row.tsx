'use client';

import clsx from 'clsx';
import { useId, useState } from 'react';
import type { ApiKey } from '../../_control/users-api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { AnyText } from '../text/any-text.tsx';
import { LocalTime } from '../text/local-time.tsx';
import { scopesText } from './scope-presets.ts';

export function ApiKeyRow({ apiKey, onRevoked }: { apiKey: ApiKey; onRevoked(apiKey: ApiKey): void }) {
  const nameId = useId();
  const [asking, setAsking] = useState(false);
  const revoke = useAction(async () => {
    onRevoked(await callApi<ApiKey>('DELETE', `/api/v1/api-keys/${apiKey.id}`));
    setAsking(false);
  });
  const active = apiKey.status === 'active';
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className={clsx('min-w-0 flex-1 basis-52', !active && 'text-ink-muted')}>
        <p className="flex min-w-0 items-baseline gap-2">
          <AnyText id={nameId} text={apiKey.name} className="font-medium" />
          {!active && <span className="text-xs text-live-ink">{apiKey.status}</span>}
        </p>
        <p className="flex flex-wrap gap-x-2 text-xs text-ink-muted">
          <code className="font-mono">{apiKey.prefix}…</code>
          <span>{scopesText(apiKey.scopes)}</span>
        </p>
        <p className="flex flex-wrap gap-x-3 text-xs text-ink-faint">
          <span>
            {apiKey.lastUsedAt === null ? (
              'Never used'
            ) : (
              <>
                Last used <LocalTime at={apiKey.lastUsedAt} />
              </>
            )}
          </span>
          <span>
            {apiKey.expiresAt === null ? (
              'Does not expire'
            ) : (
              <>
                {apiKey.status === 'expired' ? 'Expired' : 'Expires'} <LocalTime at={apiKey.expiresAt} />
              </>
            )}
          </span>
        </p>
      </div>
      {active && (
        <Button size="small" aria-describedby={nameId} onClick={() => setAsking(true)}>
          Revoke
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Revoke this API key?"
        action="Revoke"
        pending={revoke.pending}
        onConfirm={() => revoke.run()}
      >
        Whatever uses it is refused from the next request on. This cannot be undone.
      </ConfirmDialog>
    </li>
  );
}
