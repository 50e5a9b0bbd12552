'use client';

import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { Button } from './button.tsx';
import { Input } from './field.tsx';

/** Can be shown: who sees what is typed chooses a longer one, and types it right. */
export function PasswordInput(props: Omit<ComponentProps<typeof Input>, 'type'>) {
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <Input {...props} type={shown ? 'text' : 'password'} className="pr-11" autoCapitalize="off" spellCheck={false} />
      <Button
        look="quiet"
        size="icon"
        aria-label={shown ? 'Hide password' : 'Show password'}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        icon={shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        className="absolute inset-y-0 right-0.5 my-auto"
      />
    </div>
  );
}
