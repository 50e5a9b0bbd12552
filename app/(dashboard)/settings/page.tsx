import { redirect } from 'next/navigation';
import { requireSession } from '../../_control/pages.ts';
import { mayAs } from '../../_control/roles.ts';

export default async function SettingsPage() {
  const { role } = await requireSession();
  redirect(mayAs(role, 'admin') ? '/settings/connections' : '/settings/account');
}
