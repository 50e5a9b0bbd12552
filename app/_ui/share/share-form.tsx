'use client';

import { ChevronRight } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { CreatedShare } from '../../_control/api.ts';
import { ApiProblem, callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { Checkbox, Field, Input } from '../controls/field.tsx';
import { PasswordInput } from '../controls/password-input.tsx';
import { RadioChips } from '../controls/radio-chips.tsx';
import { formatDuration } from '../text/format.ts';
import { readShareForm } from './read-share-form.ts';
import { type Lifetime, lifetimes } from './share-lifetimes.ts';

interface ShareFormProps {
  recordingId: string;
  /** Where the player is: offered as the start. */
  positionMs(): number;
  onCreated(share: CreatedShare): void;
}

/** What most links need is in sight; the rest is one press away. */
export function ShareForm({ recordingId, positionMs, onCreated }: ShareFormProps) {
  const [lifetime, setLifetime] = useState<Lifetime>('week');
  const [startAt, setStartAt] = useState('');
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});

  // As it was when the form was opened: the player may go on behind it.
  const [openedAtMs] = useState(positionMs);
  const here = openedAtMs >= 1000 ? formatDuration(openedAtMs) : undefined;

  const create = useAction(async (form: HTMLFormElement) => {
    const read = readShareForm(new FormData(form), new Date());
    setErrors(read.errors);
    if (Object.keys(read.errors).length > 0) return;
    try {
      onCreated(await callApi<CreatedShare>('POST', `/api/v1/recordings/${recordingId}/shares`, read.request));
    } catch (error) {
      const messages = error instanceof ApiProblem ? error.fieldMessages() : {};
      if (Object.keys(messages).length === 0) throw error;
      // Of a list the first wrong line says enough.
      setErrors(Object.fromEntries(Object.entries(messages).map(([path, text]) => [path.split('.')[0], text])));
    }
  });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.run(event.currentTarget);
  };

  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <Field label="Label" hint="Only you and your colleagues see it." error={errors.label}>
        {(control) => (
          <Input {...control} name="label" maxLength={200} placeholder="Who is it for?" autoComplete="off" />
        )}
      </Field>
      <RadioChips<Lifetime>
        legend="Expires after"
        name="lifetime"
        choices={lifetimes}
        value={lifetime}
        onChange={setLifetime}
      />
      {lifetime === 'date' && (
        <Field label="Last day" error={errors.expiresIn}>
          {(control) => <Input {...control} name="lastDay" type="date" required className="sm:w-48" />}
        </Field>
      )}
      <div className="flex flex-wrap gap-x-6 gap-y-1">
        <Checkbox name="allowDownload">Allow download</Checkbox>
        {here !== undefined && (
          <Checkbox
            checked={startAt === here}
            onChange={(event) => setStartAt(event.currentTarget.checked ? here : '')}
          >
            <span>
              Start at <span className="figures">{here}</span>, where the player is
            </span>
          </Checkbox>
        )}
      </div>
      <details className="group rounded-xl border border-line">
        <summary className="flex min-h-10 items-center gap-1.5 rounded-xl px-3 font-medium text-ink-muted hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
          <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
          <span className="whitespace-nowrap">More options</span>
          <span className="min-w-0 truncate text-xs font-normal text-ink-faint">password, views, start, embedding</span>
        </summary>
        <div className="space-y-4 border-t border-line p-3">
          <Field
            label="Password"
            error={errors.password}
            hint="Asked for before anything is shown. Tell it some other way."
          >
            {(control) => <PasswordInput {...control} name="password" maxLength={200} autoComplete="new-password" />}
          </Field>
          <div className="grid grid-cols-2 items-start gap-x-4 gap-y-3">
            <Field label="Views at most" error={errors.maxViews} hint="Empty: as many as come.">
              {(control) => (
                <Input {...control} name="maxViews" type="number" inputMode="numeric" min={1} placeholder="No limit" />
              )}
            </Field>
            <Field label="Start at" error={errors.startAtMs} hint="Minutes and seconds.">
              {(control) => (
                <Input
                  {...control}
                  name="startAt"
                  autoComplete="off"
                  placeholder="0:00"
                  value={startAt}
                  onChange={(event) => setStartAt(event.target.value)}
                  className="figures"
                />
              )}
            </Field>
          </div>
          <Field
            label="Sites that may embed it"
            error={errors.embedSites}
            hint="One a line, such as https://blog.example.com. Empty: none."
          >
            {(control) => (
              <textarea
                {...control}
                name="embedSites"
                rows={2}
                spellCheck={false}
                autoCapitalize="off"
                className="w-full rounded-lg border border-line-strong bg-surface px-3 py-2 font-mono text-base focus-visible:border-focus focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-live sm:text-xs"
              />
            )}
          </Field>
        </div>
      </details>
      <div className="flex justify-end">
        <Button type="submit" look="primary" pending={create.pending} className="max-sm:w-full">
          Create link
        </Button>
      </div>
    </form>
  );
}
