import type { Metadata } from 'next';
import { requireRole } from '../../../_control/pages.ts';
import { listUsers, needsSetUp } from '../../../_control/user-pages.ts';
import { Users } from '../../../_ui/users/users.tsx';

export const metadata: Metadata = { title: 'Users' };

export default async function UsersPage() {
  const user = await requireRole('admin');
  return <Users users={await listUsers()} ownId={user.id} needsSetUp={await needsSetUp()} />;
}
