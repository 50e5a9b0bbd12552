import { reportBatchSchema } from '../../../../recorder/contract/report.ts';
import { exchangeReports } from '../../../_control/exchange-reports.ts';
import { bearerOf, unauthorised } from '../../../_control/http/authorise.ts';
import { handle } from '../../../_control/http/handle.ts';
import { parseWith } from '../../../_control/http/parse-with.ts';
import { readJson } from '../../../_control/http/read-json.ts';
import { isSameSecret } from '../../../_control/report-token.ts';

/** A thousand segments of a hundred recordings in one batch are about this much. */
const MAX_BYTES = 32 * 1024 * 1024;

/** The worker token, or the report token of the one attempt that is reported, is the access rule. */
export const POST = handle({
  access: 'anyone',
  async run({ control, request }) {
    const bearer = bearerOf(request) ?? '';
    const isWorker = isSameSecret(bearer, control.environment.workerToken);
    // Before anything is read: only who has a token may send so much.
    if (!isWorker && !/^[A-Za-z0-9_-]{43}$/.test(bearer))
      throw unauthorised('Send the worker token or a report token.');
    const batch = parseWith(reportBatchSchema, await readJson(request, isWorker ? MAX_BYTES : MAX_BYTES / 8));
    const own = batch.reports.every((report) => isSameSecret(report.reportToken, bearer));
    if (!isWorker && (batch.claim || batch.previews || batch.reports.length === 0 || !own)) {
      throw unauthorised('A report token is good for reports of its own attempt only.');
    }
    const signal = AbortSignal.any([request.signal, control.stopping]);
    return exchangeReports(control, batch, signal);
  },
});
