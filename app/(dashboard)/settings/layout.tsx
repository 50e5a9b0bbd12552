import type { ReactNode } from 'react';
import { requireSession } from '../../_control/pages.ts';
import { PageHeader } from '../../_ui/controls/page-header.tsx';
import { SettingsNavigation } from '../../_ui/settings/settings-navigation.tsx';

const places = [
  { href: '/settings/connections', label: 'Connections' },
  { href: '/settings/storage', label: 'Storage' },
  { href: '/settings/retention', label: 'Retention' },
  { href: '/settings/webhooks', label: 'Webhooks' },
  { href: '/settings/users', label: 'Users' },
  { href: '/settings/api-keys', label: 'API keys' },
  { href: '/settings/account', label: 'Account' },
];

/** Around each page of the settings, which begins with its panels: the one h1 is here. */
export default async function SettingsLayout({ children }: { children: ReactNode }) {
  await requireSession();
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid gap-6 lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-10">
        <SettingsNavigation places={places} />
        <div className="min-w-0 space-y-6">{children}</div>
      </div>
    </>
  );
}
