import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Shell } from '../_ui/shell/shell.tsx';
import { parseTheme, themeCookie } from '../_ui/shell/theme.ts';

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return <Shell theme={theme}>{children}</Shell>;
}
