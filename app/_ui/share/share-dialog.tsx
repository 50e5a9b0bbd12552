'use client';

import { useState } from 'react';
import type { CreatedShare, Share } from '../../_control/api.ts';
import type { Page } from '../../_control/created-page.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { useMay } from '../user/use-may.tsx';
import { CreatedLink } from './created-link.tsx';
import { ShareForm } from './share-form.tsx';
import { ShareList } from './share-list.tsx';

interface ShareDialogProps {
  recordingId: string;
  /** The newest when the page was rendered; what is made and revoked here is kept on top of it. */
  shares: Page<Share>;
  open: boolean;
  onOpenChange(open: boolean): void;
  /** Where the player is on the recording's clock. */
  positionMs(): number;
}

export function ShareDialog({ recordingId, shares: rendered, open, onOpenChange, positionMs }: ShareDialogProps) {
  const mayShare = useMay('operator');
  const [made, setMade] = useState<readonly CreatedShare[]>([]);
  const [showing, setShowing] = useState<CreatedShare>();
  const [revoked, setRevoked] = useState<ReadonlyMap<string, Share>>(new Map());
  const [loaded, setLoaded] = useState(rendered);
  const loadMore = useAction(async (cursor: string) => {
    const page = await callApi<Page<Share>>('GET', `/api/v1/recordings/${recordingId}/shares?cursor=${cursor}`);
    setLoaded({ ...page, items: [...loaded.items, ...page.items] });
  });
  const { items: shares, nextCursor } = loaded;
  const all = [...made, ...shares.filter((share) => !made.some((other) => other.id === share.id))].map(
    (share) => revoked.get(share.id) ?? share,
  );

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Share this recording"
      description="Whoever has the link can watch without signing in, until it expires or you revoke it."
    >
      {showing !== undefined ? (
        <CreatedLink share={showing} onAnother={() => setShowing(undefined)} />
      ) : (
        mayShare && (
          <ShareForm
            recordingId={recordingId}
            positionMs={positionMs}
            onCreated={(share) => {
              setMade((before) => [share, ...before]);
              setShowing(share);
            }}
          />
        )
      )}
      {!mayShare && (
        <p className="text-ink-muted">
          {all.length === 0 ? 'There are no links yet. ' : ''}Operators make and revoke links.
        </p>
      )}
      <ShareList
        shares={all}
        mayRevoke={mayShare}
        onRevoked={(share) => {
          setRevoked((before) => new Map(before).set(share.id, share));
          if (share.id === showing?.id) setShowing(undefined);
        }}
      />
      {nextCursor !== null && (
        <Button size="small" className="mt-3" pending={loadMore.pending} onClick={() => loadMore.run(nextCursor)}>
          Show older ones
        </Button>
      )}
    </Dialog>
  );
}
