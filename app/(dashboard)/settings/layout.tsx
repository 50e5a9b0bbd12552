import type { ReactNode } from 'react';
import { requireSession } from '../../_control/pages.ts';
import { mayAs, type Role } from '../../_control/roles.ts';
import { hasBrokenWebhooks } from '../../_control/settings-pages.ts';
import { PageHeader } from '../../_ui/controls/page-header.tsx';
import { SettingsNavigation } from '../../_ui/settings/settings-navigation.tsx';

const places: readonly { href: string; label: string; needed: Role }[] = [
  { href: '/settings/connections', label: 'Connections', needed: 'admin' },
  { href: '/settings/storage', label: 'Storage', needed: 'admin' },
  { href: '/settings/retention', label: 'Retention', needed: 'admin' },
  { href: '/settings/webhooks', label: 'Webhooks', needed: 'admin' },
  { href: '/settings/users', label: 'Users', needed: 'admin' },
  { href: '/settings/api-keys', label: 'API keys', needed: 'admin' },
  { href: '/settings/activity', label: 'Activity', needed: 'admin' },
  { href: '/settings/account', label: 'Account', needed: 'viewer' },
];

/** Around each page of the settings, which begins with its panels: the one h1 is here. */
export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const { role } = await requireSession();
  const mine = places.filter(({ needed }) => mayAs(role, needed));
  const broken = mayAs(role, 'admin') && (await hasBrokenWebhooks()) ? '/settings/webhooks' : undefined;
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid gap-6 lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-10">
        <SettingsNavigation places={mine} attention={broken} />
        <div className="min-w-0 space-y-6">{children}</div>
      </div>
    </>
  );
}
