import { redirect } from 'next/navigation';
import { requireSession } from '../../_control/pages.ts';
import { mayAs } from '../../_control/roles.ts';

export default async function SettingsPage() {
  const user = await requireSession();
  redirect(mayAs(user.role, 'admin') ? '/settings/connections' : '/settings/account');
}
