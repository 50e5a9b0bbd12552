import { handle } from '../../_control/http/handle.ts';
import { ProblemError } from '../../_control/problem-error.ts';

/** Every path below /api that is none: a problem, not a page. Whoever is not signed in is not told which paths there are. */
const unknown = handle({
  access: 'known',
  async run() {
    throw new ProblemError('not-found', 'There is no such address. GET /api/v1/openapi.json lists them.');
  },
});

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT };
