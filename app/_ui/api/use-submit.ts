'use client';

import { type FormEvent, useState, useTransition } from 'react';
import { ApiProblem, messageOf } from './call-api.ts';

interface Failure {
  message: string;
  fields: Record<string, string>;
}

/**
 * A form that asks the API for something: `errors` by the name of the field, and `message` for what concerns no field
 * of it. What was typed stays.
 */
export function useSubmit(fields: readonly string[], action: (form: FormData) => Promise<void>) {
  const [failure, setFailure] = useState<Failure>();
  const [pending, startTransition] = useTransition();

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(async () => {
      try {
        await action(form);
        setFailure(undefined);
      } catch (error) {
        setFailure({ message: messageOf(error), fields: error instanceof ApiProblem ? error.fieldMessages() : {} });
      }
    });
  };

  const errors = failure?.fields ?? {};
  const isShown = fields.some((field) => errors[field] !== undefined);
  return { pending, onSubmit, errors, message: isShown ? undefined : failure?.message };
}

/** What was typed into a field. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
