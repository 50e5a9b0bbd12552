'use client';

import { Square } from 'lucide-react';
import { useState } from 'react';
import type { Recording } from '../../_control/api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';

interface StopButtonProps {
  recording: Recording;
  size?: 'regular' | 'small';
  describedBy?: string;
}

/** Pending until the recorder has obeyed, which its state tells, not only until the server has answered. */
export function StopButton({ recording, size = 'regular', describedBy }: StopButtonProps) {
  const [asked, setAsked] = useState(false);
  const stop = useAction(async () => {
    await callApi('POST', `/api/v1/recordings/${recording.id}/stop`);
    setAsked(true);
  });
  return (
    <Button
      size={size}
      pending={stop.pending || asked}
      aria-describedby={describedBy}
      icon={<Square aria-hidden className="scale-80 fill-live text-live" />}
      onClick={() => stop.run()}
    >
      Stop
    </Button>
  );
}
