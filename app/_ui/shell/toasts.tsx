'use client';

import type { CSSProperties } from 'react';
import { Toaster } from 'sonner';

/** Above the navigation of a phone. Colours are the palette's, so that they follow the scheme without script. */
export function Toasts() {
  return (
    <Toaster
      position="bottom-right"
      mobileOffset={{ bottom: '5rem' }}
      style={
        {
          '--normal-bg': 'var(--surface)',
          '--normal-border': 'var(--line-strong)',
          '--normal-text': 'var(--ink)',
          '--border-radius': '0.75rem',
          fontFamily: 'inherit',
        } as CSSProperties
      }
    />
  );
}
