'use client';

import { Pause } from 'lucide-react';
import { useState } from 'react';
import type { Recording } from '../../_control/api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';

/** Pending until the recorder has obeyed, which makes it give way to the Resume button. */
export function PauseButton({ recording }: { recording: Recording }) {
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false);
  const pause = useAction(async () => {
    await callApi('POST', `/api/v1/recordings/${recording.id}/pause`);
    setAsked(true);
    setAsking(false);
  });
  return (
    <>
      <Button
        pending={pause.pending || asked}
        icon={<Pause aria-hidden className="scale-90 fill-current" />}
        onClick={() => setAsking(true)}
      >
        Pause
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title="Pause this recording?"
        description="Nothing is recorded until you resume. Then you choose whether the pause stays in the recording as a gap or is cut out."
      >
        <div className="flex justify-end gap-2">
          <Button onClick={() => setAsking(false)}>Cancel</Button>
          <Button look="primary" pending={pause.pending} onClick={() => pause.run()}>
            Pause
          </Button>
        </div>
      </Dialog>
    </>
  );
}
