'use client';

import { Switch as Base } from '@base-ui/react/switch';
import clsx from 'clsx';

interface SwitchProps {
  checked: boolean;
  onCheckedChange(checked: boolean): void;
  disabled?: boolean;
  'aria-label': string;
  'aria-describedby'?: string;
}

export function Switch(props: SwitchProps) {
  return (
    <Base.Root
      {...props}
      className={clsx(
        'relative inline-flex h-5 w-9 shrink-0 cursor-pointer items-center rounded-full border border-transparent p-0.5',
        'bg-line-strong data-checked:bg-good data-disabled:opacity-50',
        'before:absolute before:-inset-2.5',
      )}
    >
      <Base.Thumb className="block size-3.5 rounded-full bg-white shadow-sm transition-transform duration-150 data-checked:translate-x-4" />
    </Base.Root>
  );
}
