'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { Button } from './button.tsx';

interface CopyButtonProps {
  text: string;
  /** The button's name. */
  children: string;
}

const confirmedForMs = 2000;

/** Says in place that it worked; the name stays, so that nothing moves and assistive technology finds it again. */
export function CopyButton({ text, children }: CopyButtonProps) {
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
      onClick={() => void copy()}
      icon={copied ? <Check aria-hidden className="text-good-ink" /> : <Copy aria-hidden />}
    >
      {children}
    </Button>
  );
}
