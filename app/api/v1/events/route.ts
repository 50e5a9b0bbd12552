import { isStillAllowed } from '../../../_control/http/authorise.ts';
import { handle } from '../../../_control/http/handle.ts';
import { eventStream } from '../../../_control/live/event-stream.ts';

export const GET = handle({
  access: 'viewer',
  run: async ({ control, request }) =>
    eventStream(control, {
      lastEventId: request.headers.get('last-event-id'),
      signal: request.signal,
      isAllowed: () => isStillAllowed(control, request, 'viewer'),
    }),
});
