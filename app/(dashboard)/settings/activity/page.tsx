import type { Metadata } from 'next';
import { requireRole } from '../../../_control/pages.ts';
import { listActions } from '../../../_control/user-pages.ts';
import { Activity } from '../../../_ui/activity/activity.tsx';

export const metadata: Metadata = { title: 'Activity' };

interface ActivityPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ActivityPage({ searchParams }: ActivityPageProps) {
  await requireRole('admin');
  const { cursor } = await searchParams;
  return <Activity page={await listActions(typeof cursor === 'string' ? cursor : undefined)} />;
}
