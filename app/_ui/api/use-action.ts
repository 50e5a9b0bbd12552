'use client';

import { useTransition } from 'react';
import { toast } from 'sonner';
import { messageOf } from './call-api.ts';

/** Runs a mutation: `pending` while it runs, and a refusal becomes a toast with the server's sentence. */
export function useAction<Args extends unknown[]>(action: (...args: Args) => Promise<void>) {
  const [pending, startTransition] = useTransition();
  const run = (...args: Args) => {
    startTransition(async () => {
      try {
        await action(...args);
      } catch (error) {
        toast.error(messageOf(error));
      }
    });
  };
  return { run, pending };
}
