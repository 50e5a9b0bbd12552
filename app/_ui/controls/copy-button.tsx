'use client';

import { Check, Copy } from 'lucide-react';
import { Button } from './button.tsx';
import { useCopy } from './use-copy.ts';

interface CopyButtonProps {
  text: string;
  /** The button's name. */
  children: string;
}

/** Says in place that it worked; the name stays, so that nothing moves and assistive technology finds it again. */
export function CopyButton({ text, children }: CopyButtonProps) {
  const { copied, copy } = useCopy(text);
  return (
    <Button onClick={copy} icon={copied ? <Check aria-hidden className="text-good-ink" /> : <Copy aria-hidden />}>
      {children}
    </Button>
  );
}
