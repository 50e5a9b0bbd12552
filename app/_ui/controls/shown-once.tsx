'use client';

import { CopyButton } from './copy-button.tsx';
import { Input } from './field.tsx';

interface ShownOnceProps {
  /** What it is: "Link", "API key". */
  what: string;
  text: string;
  children?: string;
}

/** A secret at the only time it is known: the server keeps its hash. */
export function ShownOnce({ what, text, children }: ShownOnceProps) {
  return (
    <div className="rounded-xl border border-good/30 bg-good-tint p-3">
      <div className="flex flex-wrap gap-2">
        <Input
          readOnly
          aria-label={what}
          value={text}
          onFocus={(event) => event.currentTarget.select()}
          className="min-w-0 flex-1 basis-48 font-mono text-xs!"
        />
        <CopyButton text={text}>Copy</CopyButton>
      </div>
      <p role="status" className="mt-2 text-xs text-good-ink">
        Copy it now: it is not shown again. {children}
      </p>
    </div>
  );
}
