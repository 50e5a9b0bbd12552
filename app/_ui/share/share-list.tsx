'use client';

import clsx from 'clsx';
import { Ban } from 'lucide-react';
import type { Share } from '../../_control/api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatCount, formatDuration } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';

interface ShareListProps {
  shares: readonly Share[];
  mayRevoke: boolean;
  onRevoked(share: Share): void;
}

const states = {
  active: { text: 'Active', classes: 'bg-good-tint text-good-ink' },
  expired: { text: 'Expired', classes: 'bg-sunken text-ink-muted' },
  'used-up': { text: 'Used up', classes: 'bg-warn-tint text-warn-ink' },
  revoked: { text: 'Revoked', classes: 'bg-sunken text-ink-muted' },
} as const;

/** Those that work first; in each group the newest first. */
export function ShareList({ shares, mayRevoke, onRevoked }: ShareListProps) {
  if (shares.length === 0) return null;
  const ordered = [...shares].sort((a, b) => Number(b.state === 'active') - Number(a.state === 'active'));
  return (
    <section aria-labelledby="share-links" className="mt-6">
      <h3 id="share-links" className="mb-1 font-medium">
        Links
      </h3>
      <ul className="divide-y divide-line">
        {ordered.map((share) => (
          <ShareRow key={share.id} share={share} mayRevoke={mayRevoke} onRevoked={onRevoked} />
        ))}
      </ul>
    </section>
  );
}

interface ShareRowProps {
  share: Share;
  mayRevoke: boolean;
  onRevoked(share: Share): void;
}

function ShareRow({ share, mayRevoke, onRevoked }: ShareRowProps) {
  const revoke = useAction(async () => {
    onRevoked(await callApi<Share>('DELETE', `/api/v1/shares/${share.id}`));
  });
  const { text, classes } = states[share.state];
  const traits = traitsOf(share);
  return (
    <li className="flex items-center justify-between gap-3 py-2.5">
      <div className="min-w-0">
        <p className="flex min-w-0 items-center gap-2">
          {share.label !== null ? (
            <AnyText text={share.label} className="font-medium" />
          ) : (
            <span className="truncate font-medium">
              Made <LocalTime at={share.createdAt} shape="day" />
            </span>
          )}
          <span className={clsx('shrink-0 rounded-full px-1.5 py-px text-[0.6875rem] font-medium', classes)}>
            {text}
          </span>
        </p>
        <p className="flex flex-wrap gap-x-1 text-xs text-ink-muted">
          <span className="figures">
            {formatCount(share.views)}
            {share.maxViews !== null && ` of ${formatCount(share.maxViews)}`} {share.views === 1 ? 'view' : 'views'}
            {share.lastViewedAt !== null && ','}
          </span>
          {share.lastViewedAt !== null && (
            <span className="figures">
              last <LocalTime at={share.lastViewedAt} />
            </span>
          )}
        </p>
        <p className="text-xs text-ink-muted">
          <LifeTime share={share} />
          {traits.length > 0 && ` · ${traits.join(', ')}`}
        </p>
      </div>
      {mayRevoke && share.revokedAt === null && share.state !== 'expired' && (
        <Button size="small" icon={<Ban aria-hidden />} pending={revoke.pending} onClick={() => revoke.run()}>
          Revoke
        </Button>
      )}
    </li>
  );
}

function LifeTime({ share }: { share: Share }) {
  if (share.revokedAt !== null) {
    return (
      <>
        Revoked <LocalTime at={share.revokedAt} />
      </>
    );
  }
  if (share.expiresAt === null) return 'Does not expire';
  return (
    <>
      {share.state === 'expired' ? 'Expired' : 'Until'} <LocalTime at={share.expiresAt} />
    </>
  );
}

function traitsOf({ hasPassword, allowDownload, startAtMs, embedSites }: Share): string[] {
  return [
    hasPassword ? 'password' : '',
    allowDownload ? 'download' : '',
    startAtMs > 0 ? `from ${formatDuration(startAtMs)}` : '',
    embedSites.length > 0
      ? `embeds on ${embedSites.length === 1 ? embedSites[0]?.replace('https://', '') : `${embedSites.length} sites`}`
      : '',
  ].filter((trait) => trait !== '');
}
