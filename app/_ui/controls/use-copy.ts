import { useEffect, useState } from 'react';
import { toast } from 'sonner';

const confirmedForMs = 2000;

/** Puts text on the clipboard; `copied` for a moment afterwards. */
export function useCopy(text: string): { copied: boolean; copy(): void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), confirmedForMs);
    return () => clearTimeout(timer);
  }, [copied]);

  const write = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      toast.success('Copied');
    } catch {
      toast.error('The browser does not allow copying here. Select the text and copy it yourself.');
    }
  };
  return { copied, copy: () => void write() };
}
