import type { Metadata } from 'next';
import {
  currentRooms,
  installation,
  listActiveRecordings,
  listRecordings,
  listRules,
  requireSession,
} from '../_control/pages.ts';
import { Overview } from '../_ui/overview/overview.tsx';
import { ruleNamesOf } from '../_ui/recording/origin-text.ts';

export const metadata: Metadata = { title: 'Overview' };

export default async function OverviewPage() {
  await requireSession();
  const [live, active, latest, rules, { embedded }] = await Promise.all([
    currentRooms(),
    listActiveRecordings(),
    listRecordings({ status: ['ready', 'failed', 'absent'], limit: 5 }),
    listRules(),
    installation(),
  ]);
  return (
    <Overview
      rooms={live.rooms}
      livekit={live.livekit}
      recordings={[...active.items, ...latest.items]}
      ruleNames={ruleNamesOf(rules)}
      embedded={embedded}
    />
  );
}
