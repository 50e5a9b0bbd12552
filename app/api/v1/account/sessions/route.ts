import { ownSession } from '../../../../_control/http/authorise.ts';
import { handle } from '../../../../_control/http/handle.ts';
import { endOtherSessions, listSessions } from '../../../../_control/sessions.ts';

export const GET = handle({
  access: 'known',
  async run({ control, caller }) {
    const { userId, sessionId } = ownSession(caller);
    return { items: await listSessions(control, userId, sessionId), nextCursor: null };
  },
});

/** All but the one that asks. */
export const DELETE = handle({
  access: 'known',
  run({ control, caller }) {
    const { userId, sessionId } = ownSession(caller);
    return endOtherSessions(control, userId, sessionId);
  },
});
