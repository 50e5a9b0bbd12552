'use client';

import { LogOut, Monitor, Moon, Settings2, Sun } from 'lucide-react';
import { useState } from 'react';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../controls/menu.tsx';
import { type Theme, themeCookie } from './theme.ts';

const options = [
  { value: 'system', label: 'As the system', icon: <Monitor aria-hidden /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden /> },
] as const;

export function SettingsMenu({ theme: rendered }: { theme: Theme }) {
  const [theme, setTheme] = useState(rendered);
  const signOut = useAction(async () => {
    await callApi('POST', '/api/sign-out');
    window.location.assign('/sign-in');
  });

  const choose = (chosen: Theme) => {
    setTheme(chosen);
    document.documentElement.dataset.theme = chosen;
    // biome-ignore lint/suspicious/noDocumentCookie: Safari has no cookieStore before 18.4.
    document.cookie = `${themeCookie}=${chosen}; path=/; max-age=31536000; samesite=lax`;
  };

  return (
    <Menu
      trigger={
        <Button
          look="quiet"
          size="icon"
          aria-label="Settings"
          pending={signOut.pending}
          icon={<Settings2 aria-hidden />}
        />
      }
    >
      <MenuChoice label="Appearance" value={theme} options={options} onChange={choose} />
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onClick={() => signOut.run()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
