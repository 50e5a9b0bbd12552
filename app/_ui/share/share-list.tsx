'use client';

import clsx from 'clsx';
import type { Share } from '../../_control/api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatCount } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';

interface ShareListProps {
  shares: readonly Share[];
  onRevoked(id: string): void;
}

export function ShareList({ shares, onRevoked }: ShareListProps) {
  if (shares.length === 0) return null;
  return (
    <section aria-labelledby="share-links" className="mt-6">
      <h3 id="share-links" className="mb-1 font-medium">
        Links
      </h3>
      <ul className="divide-y divide-line">
        {shares.map((share) => (
          <ShareRow key={share.id} share={share} onRevoked={onRevoked} />
        ))}
      </ul>
    </section>
  );
}

function ShareRow({ share, onRevoked }: { share: Share; onRevoked(id: string): void }) {
  const revoke = useAction(async () => {
    await callApi('DELETE', `/api/v1/shares/${share.id}`);
    onRevoked(share.id);
  });
  const expired = share.expiresAt !== null && Date.parse(share.expiresAt) <= Date.now();
  const over = share.revokedAt !== null || expired;
  return (
    <li className="flex items-center justify-between gap-3 py-2.5">
      <div className={clsx('min-w-0', over && 'text-ink-faint')}>
        {share.label !== null ? (
          <AnyText text={share.label} className="font-medium" />
        ) : (
          <p className="font-medium">
            Made <LocalTime at={share.createdAt} />
          </p>
        )}
        <p className="figures text-xs text-ink-muted">
          {formatCount(share.views)}
          {share.maxViews !== null && ` of ${formatCount(share.maxViews)}`} {share.views === 1 ? 'view' : 'views'}
          {', '}
          {share.allowDownload ? 'download allowed' : 'no download'}
        </p>
        <p className="text-xs text-ink-muted">
          {share.revokedAt !== null ? (
            'Revoked'
          ) : share.expiresAt === null ? (
            'Does not expire'
          ) : (
            <>
              {expired ? 'Expired' : 'Until'} <LocalTime at={share.expiresAt} />
            </>
          )}
        </p>
      </div>
      {!over && (
        <Button size="small" pending={revoke.pending} onClick={() => revoke.run()}>
          Revoke
        </Button>
      )}
    </li>
  );
}
