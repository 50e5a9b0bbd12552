'use client';

import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import type { DeletedRecording } from '../../_control/recordings-api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { useLiveStore } from '../live/use-live.ts';
import { formatBytes } from '../text/format.ts';
import { shortText } from '../text/visible-text.ts';
import type { ListedRecording } from './listed-recording.ts';

interface DeleteSelectedProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  selected: readonly ListedRecording[];
  /** Of those that were not deleted, why. */
  onDone(refused: readonly DeletedRecording[]): void;
}

const namedAtMost = 3;

/** Asks first, then says of each what became of it. */
export function DeleteSelected({ open, onOpenChange, selected, onDone }: DeleteSelectedProps) {
  const store = useLiveStore();
  const router = useRouter();
  const sizeBytes = selected.reduce((sum, recording) => sum + recording.sizeBytes, 0);
  const { run, pending } = useAction(async () => {
    const ids = selected.map(({ id }) => id);
    const { items } = await callApi<{ items: DeletedRecording[] }>('POST', '/api/v1/recordings/delete', { ids });
    // One that somebody else deleted meanwhile is as gone.
    const gone = items.filter(({ outcome }) => outcome !== 'not-over');
    for (const { id } of gone) store.forgetRecording(id);
    onOpenChange(false);
    onDone(items.filter(({ outcome }) => outcome === 'not-over'));
    if (gone.length > 0) toast.success(`${countText(gone.length)} deleted`);
    router.refresh();
  });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete ${countText(selected.length)}?`}
      action={selected.length === 1 ? 'Delete' : `Delete ${selected.length}`}
      pending={pending}
      onConfirm={run}
    >
      <ul className="my-2 space-y-0.5 text-ink">
        {selected.slice(0, namedAtMost).map(({ id, identity, room }) => (
          <li key={id} className="truncate">
            <bdi>{shortText(identity, 40)}</bdi> <span className="text-ink-muted">in</span>{' '}
            <bdi>{shortText(room, 40)}</bdi>
          </li>
        ))}
        {selected.length > namedAtMost && <li className="text-ink-muted">and {selected.length - namedAtMost} more</li>}
      </ul>
      All media ({formatBytes(sizeBytes)}) and share links go too. This cannot be undone.
    </ConfirmDialog>
  );
}

function countText(count: number): string {
  return count === 1 ? '1 recording' : `${count} recordings`;
}
