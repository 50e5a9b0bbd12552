'use client';

import { Circle } from 'lucide-react';
import { toast } from 'sonner';
import type { Recording } from '../../_control/api.ts';
import { ApiProblem, callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { useLiveStore } from '../live/use-live.ts';
import { shortText } from '../text/visible-text.ts';

interface RecordAllButtonProps {
  room: string;
  identities: readonly string[];
}

const parallel = 4;

/** Of one room: whoever can be recorded and is not. */
export function RecordAllButton({ room, identities }: RecordAllButtonProps) {
  const store = useLiveStore();
  const record = useAction(async () => {
    const waiting = [...identities];
    const refused: unknown[] = [];
    const work = async () => {
      for (let identity = waiting.shift(); identity !== undefined; identity = waiting.shift()) {
        try {
          store.expectRecording(await callApi<Recording>('POST', '/api/v1/recordings', { room, identity }));
        } catch (error) {
          // Somebody, or a rule, was quicker.
          if (!(error instanceof ApiProblem && error.problem.status === 409)) refused.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
    if (refused.length > 0) throw refused[0];
    toast.success(`All of ${shortText(room, 40)} is recorded`);
  });
  return (
    <Button
      size="small"
      pending={record.pending}
      icon={<Circle aria-hidden className="scale-75 fill-live text-live" />}
      onClick={() => record.run()}
    >
      Record all {identities.length}
    </Button>
  );
}
