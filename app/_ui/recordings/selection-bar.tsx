'use client';

import { Download, Trash2, X } from 'lucide-react';
import { Button, ButtonAnchor } from '../controls/button.tsx';
import { formatBytes } from '../text/format.ts';
import { useMay } from '../user/use-may.tsx';
import type { ListedRecording } from './listed-recording.ts';

interface SelectionBarProps {
  selected: readonly ListedRecording[];
  onClear(): void;
  onDelete(): void;
}

/** What can be done with what is selected; over the lower edge, where a thumb is. */
export function SelectionBar({ selected, onClear, onDelete }: SelectionBarProps) {
  const mayDelete = useMay('operator');
  const sizeBytes = selected.reduce((sum, recording) => sum + recording.sizeBytes, 0);
  const archive = `/api/v1/recordings/archive?ids=${selected.map(({ id }) => id).join(',')}`;
  return (
    <section
      aria-label="Selected recordings"
      className="fixed inset-x-0 bottom-0 z-30 flex items-center gap-2 border-t border-line-strong bg-surface px-4 py-2.5 shadow-lg sm:inset-x-auto sm:bottom-6 sm:w-max sm:left-1/2 sm:-translate-x-1/2 sm:rounded-xl sm:border sm:py-2 sm:pr-2 md:left-[calc(50%+7rem)]"
    >
      <p className="mr-auto whitespace-nowrap sm:mr-3" aria-live="polite">
        <span className="font-medium">{selected.length} selected</span>
        <span className="figures block text-xs text-ink-muted sm:ml-2 sm:inline sm:text-sm">
          {formatBytes(sizeBytes)}
        </span>
      </p>
      {sizeBytes > 0 && (
        <ButtonAnchor size="small" href={archive} download icon={<Download aria-hidden />}>
          Download<span className="sr-only"> as one ZIP</span>
        </ButtonAnchor>
      )}
      {mayDelete && (
        <Button size="small" onClick={onDelete} icon={<Trash2 aria-hidden />}>
          Delete
        </Button>
      )}
      <Button look="quiet" size="icon" aria-label="Select nothing" onClick={onClear} icon={<X aria-hidden />} />
    </section>
  );
}
