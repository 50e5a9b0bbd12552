import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { monoFont, sansFont } from './_ui/fonts.ts';
import { parseTheme, themeCookie } from './_ui/shell/theme.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Participant Recorder', template: '%s · Participant Recorder' },
  description: 'Records participants of LiveKit rooms.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fafafb' },
    { media: '(prefers-color-scheme: dark)', color: '#0b0c0e' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" data-theme={theme} className={`${sansFont.variable} ${monoFont.variable}`}>
      <body>{children}</body>
    </html>
  );
}
