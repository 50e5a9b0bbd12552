'use client';

import { Check, Copy } from 'lucide-react';
import { Button } from './button.tsx';
import { useCopy } from './use-copy.ts';

/** As CopyButton, where there is room for an icon only. */
export function CopyIconButton({ text, name }: { text: string; name: string }) {
  const { copied, copy } = useCopy(text);
  return (
    <Button
      look="quiet"
      size="icon"
      aria-label={name}
      onClick={copy}
      icon={copied ? <Check aria-hidden className="text-good-ink" /> : <Copy aria-hidden />}
    />
  );
}
