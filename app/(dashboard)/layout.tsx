import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { currentUser } from '../_control/pages.ts';
import { Shell } from '../_ui/shell/shell.tsx';
import { parseTheme, themeCookie } from '../_ui/shell/theme.ts';
import { RoleProvider } from '../_ui/user/use-may.tsx';

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  const user = await currentUser();
  return (
    <RoleProvider role={user?.role ?? 'viewer'}>
      <Shell theme={theme} user={user}>
        {children}
      </Shell>
    </RoleProvider>
  );
}
