import type { Metadata } from 'next';
import { requireRole } from '../../../_control/pages.ts';
import { listOwnSessions, needsSetUp } from '../../../_control/user-pages.ts';
import { Account } from '../../../_ui/account/account.tsx';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage() {
  const user = await requireRole('viewer');
  return <Account user={user} sessions={await listOwnSessions()} needsSetUp={await needsSetUp()} />;
}
