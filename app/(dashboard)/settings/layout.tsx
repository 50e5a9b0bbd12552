import type { ReactNode } from 'react';
import { requireSession } from '../../_control/pages.ts';
import { mayAs } from '../../_control/roles.ts';
import { PageHeader } from '../../_ui/controls/page-header.tsx';
import { SettingsNavigation } from '../../_ui/settings/settings-navigation.tsx';

/** Each page says for itself who may see it; here it is only not shown to the others. */
const places = [
  { href: '/settings/connections', label: 'Connections', role: 'admin' },
  { href: '/settings/storage', label: 'Storage', role: 'admin' },
  { href: '/settings/retention', label: 'Retention', role: 'admin' },
  { href: '/settings/webhooks', label: 'Webhooks', role: 'admin' },
  { href: '/settings/users', label: 'Users', role: 'admin' },
  { href: '/settings/api-keys', label: 'API keys', role: 'admin' },
  { href: '/settings/account', label: 'Account', role: 'viewer' },
] as const;

/** Around each page of the settings, which begins with its panels: the one h1 is here. */
export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const user = await requireSession();
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid gap-6 lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-10">
        <SettingsNavigation places={places.filter(({ role }) => mayAs(user.role, role))} />
        <div className="min-w-0 space-y-6">{children}</div>
      </div>
    </>
  );
}
