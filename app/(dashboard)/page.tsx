import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import {
  currentRooms,
  installation,
  listActiveRecordings,
  listRecordings,
  listRules,
  requireSession,
} from '../_control/pages.ts';
import { dismissedFailuresCookie, parseDismissedFailures } from '../_ui/overview/dismissed-failures.ts';
import { Overview } from '../_ui/overview/overview.tsx';
import { ruleNamesOf } from '../_ui/recording/origin-text.ts';

export const metadata: Metadata = { title: 'Overview' };

/** Who fails is looked for today; later it is history. */
const failureMs = 24 * 3_600_000;

export default async function OverviewPage() {
  await requireSession();
  const [live, active, latest, failed, rules, { embedded }, jar] = await Promise.all([
    currentRooms(),
    listActiveRecordings(),
    listRecordings({ status: ['ready', 'failed', 'absent'], limit: 5 }),
    listRecordings({ status: ['failed'], limit: 20 }),
    listRules(),
    installation(),
    cookies(),
  ]);
  return (
    <Overview
      rooms={live.rooms}
      livekit={live.livekit}
      recordings={[...active.items, ...latest.items, ...failed.items]}
      ruleNames={ruleNamesOf(rules)}
      embedded={embedded}
      failedSince={new Date(Date.now() - failureMs).toISOString()}
      dismissedUntil={parseDismissedFailures(jar.get(dismissedFailuresCookie)?.value)}
    />
  );
}
