'use client';

import clsx from 'clsx';
import { Check, LogOut, Monitor, Moon, Settings2, Sun } from 'lucide-react';
import { useState } from 'react';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Popover, PopoverItem, popoverItemClasses } from '../controls/popover.tsx';
import { type Theme, themeCookie } from './theme.ts';

const options = [
  { value: 'system', label: 'As the system', Icon: Monitor },
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
] as const;

export function Settings({ theme: rendered }: { theme: Theme }) {
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
    <Popover
      label="Settings"
      trigger={{
        look: 'quiet',
        size: 'icon',
        'aria-label': 'Settings',
        pending: signOut.pending,
        icon: <Settings2 aria-hidden />,
      }}
    >
      {() => (
        <>
          <fieldset>
            <legend className="px-2.5 pt-1.5 pb-1 text-xs text-ink-faint">Appearance</legend>
            {options.map(({ value, label, Icon }) => (
              <label
                key={value}
                className={clsx(popoverItemClasses, 'has-focus-visible:outline-2 has-focus-visible:outline-focus')}
              >
                <input
                  type="radio"
                  name="theme"
                  value={value}
                  checked={theme === value}
                  onChange={() => choose(value)}
                  className="sr-only"
                />
                <Icon aria-hidden />
                <span className="flex-1">{label}</span>
                {theme === value && <Check aria-hidden />}
              </label>
            ))}
          </fieldset>
          <div className="mx-2 my-1 h-px bg-line" />
          <PopoverItem icon={<LogOut aria-hidden />} onClick={() => signOut.run()}>
            Sign out
          </PopoverItem>
        </>
      )}
    </Popover>
  );
}
