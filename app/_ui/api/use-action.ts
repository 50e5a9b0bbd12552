'use client';

import { useTransition } from 'react';
import { toast } from 'sonner';
import { ApiProblem } from './call-api.ts';

/** Runs a mutation: `pending` while it runs, and a refusal becomes a toast with the server's sentence. */
export function useAction<Args extends unknown[]>(action: (...args: Args) => Promise<void>) {
  const [pending, startTransition] = useTransition();
  const run = (...args: Args) => {
    startTransition(async () => {
      try {
        await action(...args);
      } catch (error) {
        toast.error(error instanceof ApiProblem ? error.message : 'Something went wrong in this page. Reload it.');
        if (!(error instanceof ApiProblem)) console.error(error);
      }
    });
  };
  return { run, pending };
}
