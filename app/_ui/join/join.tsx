'use client';

import dynamic from 'next/dynamic';

/** livekit-client is large and needs a browser: it is loaded by this page alone, and not rendered on the server. */
export const Join = dynamic(() => import('./join-room.tsx').then((module) => module.JoinRoom), {
  ssr: false,
  loading: () => <div className="aspect-video w-full max-w-3xl rounded-xl border border-line bg-sunken" />,
});
