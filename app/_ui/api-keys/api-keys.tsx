'use client';

import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { ApiKey, CreatedApiKey } from '../../_control/users-api.ts';
import { Button } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { Panel } from '../controls/panel.tsx';
import { ShownOnce } from '../controls/shown-once.tsx';
import { ApiKeyRow } from './api-key-row.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';

export function ApiKeys({ apiKeys: rendered }: { apiKeys: readonly ApiKey[] }) {
  const [apiKeys, setApiKeys] = useState(rendered);
  const [creating, setCreating] = useState({ open: false, count: 0 });
  const [created, setCreated] = useState<CreatedApiKey>();

  const keep = (key: CreatedApiKey) => {
    setCreating(({ count }) => ({ open: false, count }));
    setCreated(key);
    setApiKeys((before) => [key, ...before]);
  };
  const revoked = (key: ApiKey) => {
    setApiKeys((before) => before.map((other) => (other.id === key.id ? key : other)));
    if (created?.id === key.id) setCreated(undefined);
  };
  const create = (size: 'small' | 'regular') => (
    <Button
      look="primary"
      size={size}
      icon={<Plus aria-hidden />}
      onClick={() => setCreating(({ count }) => ({ open: true, count: count + 1 }))}
    >
      New key
    </Button>
  );

  return (
    <>
      {created && <ShownOnce key={created.id} what="API key" text={created.key} />}
      {apiKeys.length === 0 ? (
        <EmptyState icon={<KeyRound aria-hidden />} title="No API keys yet" actions={create('regular')}>
          A program sends its key as <code className="font-mono text-xs">Authorization: Bearer …</code> and may what the
          key was made for.
        </EmptyState>
      ) : (
        <Panel title="API keys" aside={create('small')}>
          <ul className="divide-y divide-line">
            {apiKeys.map((apiKey) => (
              <ApiKeyRow key={apiKey.id} apiKey={apiKey} onRevoked={revoked} />
            ))}
          </ul>
        </Panel>
      )}
      <CreateKeyDialog
        key={creating.count}
        open={creating.open}
        onOpenChange={(open) => setCreating((before) => ({ ...before, open }))}
        onCreated={keep}
      />
    </>
  );
}
