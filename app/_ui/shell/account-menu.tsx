'use client';

import clsx from 'clsx';
import { Check, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Popover, PopoverItem, popoverItemClasses } from '../controls/popover.tsx';
import { AnyText } from '../text/any-text.tsx';
import { type Theme, themeCookie } from './theme.ts';

/** Who is signed in, as far as it is shown. */
export interface ShownUser {
  name: string;
  email: string | null;
  role: string;
}

const options = [
  { value: 'system', label: 'As the system', Icon: Monitor },
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
] as const;

export function AccountMenu({ user, theme: rendered }: { user: ShownUser | undefined; theme: Theme }) {
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
      label="Account and appearance"
      trigger={{
        look: 'quiet',
        size: 'icon',
        'aria-label': 'Account and appearance',
        pending: signOut.pending,
        icon: <UserRound aria-hidden />,
      }}
    >
      {(close) => (
        <>
          {user && (
            <div className="max-w-64 px-2.5 pt-1.5 pb-2">
              <p className="text-xs text-ink-faint">Signed in as {user.role}</p>
              <AnyText text={user.name} className="font-medium" />
              {user.email !== null && user.email !== user.name && (
                <AnyText text={user.email} className="text-xs text-ink-muted" />
              )}
            </div>
          )}
          <Divider />
          <fieldset>
            <legend className="px-2.5 pt-1 pb-1 text-xs text-ink-faint">Appearance</legend>
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
          <Divider />
          <Link href="/settings/account" className={popoverItemClasses} onClick={close}>
            <UserRound aria-hidden />
            Your account
          </Link>
          <PopoverItem icon={<LogOut aria-hidden />} onClick={() => signOut.run()}>
            Sign out
          </PopoverItem>
        </>
      )}
    </Popover>
  );
}

function Divider() {
  return <div className="mx-2 my-1 h-px bg-line" />;
}
