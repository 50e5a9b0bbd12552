import type { ReactNode } from 'react';

/** All of a frame in another site's page: dark, as a player is. `data-embed` takes the room of a scrollbar away. */
export function EmbedFrame({ children }: { children: ReactNode }) {
  return (
    <main data-embed className="fixed inset-0 overflow-auto bg-black text-white">
      {children}
    </main>
  );
}
