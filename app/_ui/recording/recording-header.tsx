'use client';

import clsx from 'clsx';
import { Download, Share2, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Recording, Share } from '../../_control/api.ts';
import type { Page } from '../../_control/created-page.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button, ButtonAnchor } from '../controls/button.tsx';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { liveFigures, useSamples } from '../live/live-recording.ts';
import { useLiveStore } from '../live/use-live.ts';
import { fileName } from '../player/media-parts.ts';
import { ShareDialog } from '../share/share-dialog.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatBytes, formatDuration } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';
import { useMay } from '../user/use-may.tsx';
import { downloadUrl } from './media-url.ts';
import { PauseButton } from './pause-button.tsx';
import { isStoppable, isUnfinished } from './recording-states.ts';
import { ResumeButton } from './resume-button.tsx';
import { StatusBadge } from './status-badge.tsx';
import { StopButton } from './stop-button.tsx';

interface RecordingHeaderProps {
  recording: Recording;
  shares: Page<Share>;
  /** Where the player is on the recording's clock. */
  positionMs(): number;
}

export function RecordingHeader({ recording, shares, positionMs }: RecordingHeaderProps) {
  const { durationMs, sizeBytes } = liveFigures(recording, useSamples(recording.id));
  const [sharing, setSharing] = useState(false);
  const mayOperate = useMay('operator');
  const shareable = recording.media.length > 0 || shares.items.length > 0;
  const downloads = recording.media.filter((medium) => medium.finished);
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
      <div className="min-w-0 max-w-full flex-1 basis-80">
        <div className="flex items-center gap-3">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight">
            <AnyText text={recording.identity} lines={3} />
          </h1>
          <StatusBadge recording={recording} />
        </div>
        <p className="mt-1 flex min-w-0 flex-wrap gap-x-2 text-ink-muted">
          <AnyText text={recording.room} className="w-full sm:w-auto sm:max-w-80" />
          <Dot className="max-sm:hidden" />
          <LocalTime at={recording.startedAt ?? recording.requestedAt} />
          {durationMs > 0 && (
            <>
              <Dot />
              <span className="figures">{formatDuration(durationMs)}</span>
            </>
          )}
          {sizeBytes > 0 && (
            <>
              <Dot />
              <span className="figures">{formatBytes(sizeBytes)}</span>
            </>
          )}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {mayOperate && recording.status === 'recording' && <PauseButton recording={recording} />}
        {mayOperate && recording.status === 'paused' && <ResumeButton recording={recording} />}
        {mayOperate && isStoppable(recording.status) && <StopButton recording={recording} />}
        {mayOperate && shareable && (
          <Button
            look={recording.status === 'ready' ? 'primary' : 'secondary'}
            icon={<Share2 aria-hidden />}
            onClick={() => setSharing(true)}
          >
            Share
          </Button>
        )}
        {downloads.map((medium) => (
          <ButtonAnchor key={medium.url} href={downloadUrl(medium.url)} download icon={<Download aria-hidden />}>
            {`Download ${fileName(medium, downloads)}`.trim()}
          </ButtonAnchor>
        ))}
        {mayOperate && <DeleteButton recording={recording} />}
      </div>
      <ShareDialog
        recordingId={recording.id}
        shares={shares}
        open={sharing}
        onOpenChange={setSharing}
        positionMs={positionMs}
      />
    </header>
  );
}

function Dot({ className }: { className?: string }) {
  return (
    <span aria-hidden className={clsx('text-ink-faint', className)}>
      ·
    </span>
  );
}

function DeleteButton({ recording }: { recording: Recording }) {
  const router = useRouter();
  const store = useLiveStore();
  const [asking, setAsking] = useState(false);
  const remove = useAction(async () => {
    await callApi('DELETE', `/api/v1/recordings/${recording.id}`);
    toast.success('Recording deleted');
    router.replace('/recordings');
    store.forgetRecording(recording.id);
  });
  return (
    <>
      <Button
        icon={<Trash2 aria-hidden />}
        disabled={isUnfinished(recording.status)}
        title={isUnfinished(recording.status) ? 'Stop it first' : undefined}
        onClick={() => setAsking(true)}
      >
        Delete
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Delete this recording?"
        action="Delete"
        pending={remove.pending}
        onConfirm={() => remove.run()}
      >
        Its files are removed from the storage and its share links stop working. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}
