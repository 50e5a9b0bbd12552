import { z } from 'zod';
import { bearerOf, unauthorised } from '../../../_control/http/authorise.ts';
import { handle } from '../../../_control/http/handle.ts';
import { notFound } from '../../../_control/problem-error.ts';
import { isSameSecret } from '../../../_control/report-token.ts';
import { runCron } from '../../../_control/run-cron.ts';

/** For how long it goes on: a job that comes once a minute can cover the minute. */
const querySchema = z.strictObject({ seconds: z.coerce.number().int().min(0).max(300).default(0) });

const run = handle({
  access: 'anyone',
  query: querySchema,
  /** CRON_SECRET is the access rule; without it there is no such route. */
  async run({ control, request, query }) {
    const { cronSecret } = control.environment;
    if (cronSecret === undefined) throw notFound('address');
    if (!isSameSecret(bearerOf(request) ?? '', cronSecret)) throw unauthorised('Send CRON_SECRET as a bearer token.');
    return runCron(control, { forMs: query.seconds * 1000, signal: request.signal });
  },
});

// Cron jobs of hosting platforms send GET. No browser sends it with this bearer by itself.
export { run as GET, run as POST };
