import { z } from 'zod';
import { idSchema } from '../../../../../_control/api.ts';
import { getRecording } from '../../../../../_control/get-recording.ts';
import { callerName, isStillAllowed } from '../../../../../_control/http/authorise.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { eventStream } from '../../../../../_control/live/event-stream.ts';

export const GET = handle({
  access: 'recordings:read',
  params: z.object({ id: idSchema }),
  what: 'recording',
  async run({ control, request, caller, params }) {
    await getRecording(control, params.id);
    return eventStream(control, {
      recordingId: params.id,
      whose: callerName(caller),
      lastEventId: request.headers.get('last-event-id'),
      signal: request.signal,
      isAllowed: () => isStillAllowed(control, request, 'recordings:read'),
    });
  },
});
