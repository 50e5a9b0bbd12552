'use client';

import type { Invitation } from '../../_control/users-api.ts';
import { Dialog } from '../controls/dialog.tsx';
import { ShownOnce } from '../controls/shown-once.tsx';
import { LocalTime } from '../text/local-time.tsx';
import { shortText } from '../text/visible-text.ts';

interface InvitationDialogProps {
  invitation: Invitation;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** The link, for whoever sends it on. */
export function InvitationDialog({ invitation, open, onOpenChange }: InvitationDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Link for ${shortText(invitation.user.name, 60)}`}
      description={
        <>
          Whoever opens it first chooses the password: send it to nobody else. It works once, until{' '}
          <LocalTime at={invitation.expiresAt} />.
        </>
      }
    >
      <ShownOnce what="Link" text={invitation.url} />
    </Dialog>
  );
}
