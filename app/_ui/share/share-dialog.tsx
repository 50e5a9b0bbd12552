'use client';

import { useState } from 'react';
import type { CreatedShare, Share } from '../../_control/api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { Checkbox, Field, Input, Select } from '../controls/field.tsx';
import { CreatedLink } from './created-link.tsx';
import { ShareList } from './share-list.tsx';

interface ShareDialogProps {
  recordingId: string;
  /** As the page was rendered; what is made and revoked here is kept on top of it. */
  shares: readonly Share[];
  open: boolean;
  onOpenChange(open: boolean): void;
}

const dayMs = 86_400_000;
const lifetimes = [
  { value: String(dayMs), label: '1 day' },
  { value: String(7 * dayMs), label: '7 days' },
  { value: String(30 * dayMs), label: '30 days' },
  { value: String(365 * dayMs), label: '1 year' },
  { value: 'never', label: 'Does not expire' },
] as const;
const defaultLifetime = lifetimes[1].value;

export function ShareDialog({ recordingId, shares, open, onOpenChange }: ShareDialogProps) {
  const [made, setMade] = useState<readonly CreatedShare[]>([]);
  const [revoked, setRevoked] = useState<ReadonlyMap<string, string>>(new Map());
  const newest = made[0];
  const all = [...made, ...shares.filter((share) => !made.some((other) => other.id === share.id))].map((share) => ({
    ...share,
    revokedAt: revoked.get(share.id) ?? share.revokedAt,
  }));

  const create = useAction(async (form: FormData) => {
    const lifetime = String(form.get('lifetime'));
    const share = await callApi<CreatedShare>('POST', `/api/v1/recordings/${recordingId}/shares`, {
      expiresIn: lifetime === 'never' ? null : Number(lifetime),
      allowDownload: form.get('allowDownload') !== null,
      label: String(form.get('label')).trim() || null,
    });
    setMade((before) => [share, ...before]);
  });

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Share this recording"
      description="Whoever has the link can watch, without signing in, until it expires or you revoke it."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.run(new FormData(event.currentTarget));
        }}
        className="space-y-4"
      >
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
          <Field label="Expires after">
            {(control) => (
              <Select {...control} name="lifetime" defaultValue={defaultLifetime}>
                {lifetimes.map((lifetime) => (
                  <option key={lifetime.value} value={lifetime.value}>
                    {lifetime.label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Label" className="max-sm:order-first">
            {(control) => (
              <Input {...control} name="label" maxLength={200} placeholder="Who is it for?" autoComplete="off" />
            )}
          </Field>
        </div>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <Checkbox name="allowDownload">Allow download</Checkbox>
          <Button type="submit" look="primary" pending={create.pending}>
            Create link
          </Button>
        </div>
      </form>
      {newest !== undefined && !revoked.has(newest.id) && <CreatedLink key={newest.id} share={newest} />}
      <ShareList
        shares={all}
        onRevoked={(id) => setRevoked((before) => new Map(before).set(id, new Date().toISOString()))}
      />
    </Dialog>
  );
}
