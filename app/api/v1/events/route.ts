import { isStillAllowed } from '../../../_control/http/authorise.ts';
import { handle } from '../../../_control/http/handle.ts';
import { eventStream } from '../../../_control/live/event-stream.ts';
import { mayAs } from '../../../_control/roles.ts';

export const GET = handle({
  access: 'viewer',
  async run({ control, request, caller }) {
    const upkeep = caller.kind !== 'anyone' && mayAs(caller.role, 'admin');
    return eventStream(control, {
      upkeep,
      lastEventId: request.headers.get('last-event-id'),
      signal: request.signal,
      // Who is an admin no more begins anew.
      isAllowed: () => isStillAllowed(control, request, upkeep ? 'admin' : 'viewer'),
    });
  },
});
