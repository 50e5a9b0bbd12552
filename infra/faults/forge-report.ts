/**
 * A recorder's last word about an attempt, which no recorder said. What is known of it stays, and the tokens are right: only the
 * fence is in its way.
 */
import { noLiveStats, type Outcome, type Report } from '../../recorder/contract/report.ts';
import type { Product } from './product.ts';

export async function forgeReport(
  product: Product,
  attempt: { id: string; epoch: number },
  outcome: Outcome,
): Promise<void> {
  const tokens = product.tokensOf(attempt);
  const [known] = await product.parts.database.sql<Pick<Report, 'tracks' | 'gaps'>>`
    select tracks, gaps from attempts where id = ${attempt.id}`;
  const report: Report = {
    attemptId: attempt.id,
    epoch: attempt.epoch,
    reportToken: tokens.report,
    state: 'ended',
    stats: noLiveStats,
    tracks: known?.tracks ?? [],
    gaps: known?.gaps ?? [],
    segments: [],
    outcome,
  };
  const answer = await fetch(`${product.api.origin}/api/recorder/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.worker}` },
    body: JSON.stringify({ reports: [report] }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`A forged report was answered ${answer.status}: ${await answer.text()}`);
  await answer.body?.cancel();
}
