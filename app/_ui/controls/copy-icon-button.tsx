'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { Button } from './button.tsx';

const confirmedForMs = 2000;

/** As CopyButton, where there is room for an icon only. */
export function CopyIconButton({ text, name }: { text: string; name: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), confirmedForMs);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      toast.success('Copied');
    } catch {
      toast.error('The browser does not allow copying here. Select the text and copy it yourself.');
    }
  };
  return (
    <Button
      look="quiet"
      size="icon"
      aria-label={name}
      onClick={() => void copy()}
      icon={copied ? <Check aria-hidden className="text-good-ink" /> : <Copy aria-hidden />}
      className="bg-sunken"
    />
  );
}
