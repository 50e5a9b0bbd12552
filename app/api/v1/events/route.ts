import { callerName, isStillAllowed, may } from '../../../_control/http/authorise.ts';
import { handle } from '../../../_control/http/handle.ts';
import { eventStream } from '../../../_control/live/event-stream.ts';

export const GET = handle({
  access: 'events:read',
  async run({ control, request, caller }) {
    const upkeep = may(caller, 'settings:write');
    return eventStream(control, {
      upkeep,
      whose: callerName(caller),
      lastEventId: request.headers.get('last-event-id'),
      signal: request.signal,
      // Who is an admin no more begins anew.
      isAllowed: () => isStillAllowed(control, request, upkeep ? 'settings:write' : 'events:read'),
    });
  },
});
