'use client';

import { Eye, LoaderCircle } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { AnyText } from '../text/any-text.tsx';

interface WatchButtonProps {
  room: string;
  identity: string;
  describedBy: string;
}

/** With it comes LiveKit's client, half a megabyte: only for who watches. */
const LiveView = dynamic(() => import('./live-view.tsx').then((module) => module.LiveView), {
  ssr: false,
  loading: () => (
    <div className="grid aspect-video place-items-center rounded-lg bg-black text-white">
      <LoaderCircle aria-label="Loading" className="size-5 animate-turn" />
    </div>
  ),
});

export function WatchButton({ room, identity, describedBy }: WatchButtonProps) {
  const [open, setOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  return (
    <>
      <Button
        look="quiet"
        size="icon"
        aria-label="Watch live"
        aria-describedby={describedBy}
        title="Watch live"
        icon={<Eye aria-hidden />}
        onClick={() => {
          setOpen(true);
          setWasOpened(true);
        }}
      />
      {wasOpened && (
        <Dialog
          open={open}
          onOpenChange={setOpen}
          width="wide"
          title={<AnyText text={identity} />}
          description={<AnyText text={room} />}
        >
          <LiveView room={room} identity={identity} />
        </Dialog>
      )}
    </>
  );
}
