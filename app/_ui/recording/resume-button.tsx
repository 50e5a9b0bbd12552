'use client';

import { Play } from 'lucide-react';
import { useState } from 'react';
import type { Recording } from '../../_control/api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';

const choices = [
  {
    cutTime: false,
    name: 'Keep the time',
    words: 'The pause stays in the recording as a gap: the picture stands still and there is no sound.',
  },
  {
    cutTime: true,
    name: 'Cut the pause out',
    words: 'The recording goes on where it stopped, and is shorter than the time that passed.',
  },
];

/** Pending until the recorder has obeyed, which makes it give way to the Pause button. */
export function ResumeButton({ recording }: { recording: Recording }) {
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false);
  const [cutTime, setCutTime] = useState(false);
  const resume = useAction(async () => {
    await callApi('POST', `/api/v1/recordings/${recording.id}/resume`, { cutTime });
    setAsked(true);
    setAsking(false);
  });
  return (
    <>
      <Button
        look="primary"
        pending={resume.pending || asked}
        icon={<Play aria-hidden className="scale-90 fill-current" />}
        onClick={() => setAsking(true)}
      >
        Resume
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title="Resume this recording"
        description="Either way the pause is listed under Gaps."
      >
        <fieldset className="space-y-2">
          <legend className="sr-only">What becomes of the pause</legend>
          {choices.map((choice) => (
            <label
              key={choice.name}
              className="flex gap-3 rounded-lg border border-line p-3 hover:bg-hover has-checked:border-line-strong has-checked:bg-sunken"
            >
              <input
                type="radio"
                name="pause"
                className="mt-0.5 size-4 shrink-0"
                checked={cutTime === choice.cutTime}
                onChange={() => setCutTime(choice.cutTime)}
              />
              <span>
                <span className="block font-medium">{choice.name}</span>
                <span className="text-ink-muted">{choice.words}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={() => setAsking(false)}>Cancel</Button>
          <Button look="primary" pending={resume.pending} onClick={() => resume.run()}>
            Resume
          </Button>
        </div>
      </Dialog>
    </>
  );
}
