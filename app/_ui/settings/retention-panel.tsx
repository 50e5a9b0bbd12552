'use client';

import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import type { Retention } from '../../_control/settings-api.ts';
import { ApiProblem, callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { Field } from '../controls/field.tsx';
import { NumberInput } from '../controls/number-input.tsx';
import { Panel } from '../controls/panel.tsx';
import { RadioChips } from '../controls/radio-chips.tsx';

type Choice = 'environment' | 'forever' | 'days';

export function RetentionPanel({ retention: rendered }: { retention: Retention }) {
  const [retention, setRetention] = useState(rendered);
  const [choice, setChoice] = useState<Choice>(choiceOf(rendered));
  const [days, setDays] = useState<number | null>(rendered.retainDays ?? 30);
  const [error, setError] = useState<string>();
  const [asking, setAsking] = useState(false);

  const wanted = choice === 'environment' ? retention.environmentDays : choice === 'forever' ? null : days;
  const isShorter = wanted !== null && (retention.retainDays === null || wanted < retention.retainDays);

  const save = useAction(async () => {
    setError(undefined);
    try {
      const saved = await (choice === 'environment'
        ? callApi<Retention>('DELETE', '/api/v1/settings/retention')
        : callApi<Retention>('PATCH', '/api/v1/settings/retention', { retainDays: wanted }));
      setRetention(saved);
      toast.success('Saved');
    } catch (failure) {
      const message = failure instanceof ApiProblem ? failure.fieldMessages().retainDays : undefined;
      if (message === undefined) throw failure;
      setError(message);
    } finally {
      setAsking(false);
    }
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isShorter) setAsking(true);
    else save.run();
  };

  return (
    <Panel title="Retention">
      <form onSubmit={submit} noValidate className="space-y-5 px-4 py-4">
        <p className="max-w-prose text-pretty text-ink-muted">
          How long recordings are kept, from their end. A rule that says something else counts for what it records.
        </p>
        <RadioChips<Choice>
          legend="Keep recordings"
          name="retention"
          value={choice}
          onChange={setChoice}
          choices={[
            { value: 'forever', label: 'Until somebody deletes them' },
            { value: 'days', label: 'For some days' },
            { value: 'environment', label: `As RETAIN_DAYS says: ${sayDays(retention.environmentDays)}` },
          ]}
        />
        {choice === 'days' && (
          <Field label="Days" error={error} className="max-w-40">
            {(control) => <NumberInput {...control} min={1} value={days} onChange={setDays} />}
          </Field>
        )}
        <Button type="submit" look="primary" pending={save.pending}>
          Save
        </Button>
      </form>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Keep recordings for ${sayDays(wanted)}?`}
        action="Save and delete older ones"
        pending={save.pending}
        onConfirm={() => save.run()}
      >
        Recordings that are older are deleted within a minute, with their media. That cannot be undone.
      </ConfirmDialog>
    </Panel>
  );
}

function choiceOf({ setBy, retainDays }: Retention): Choice {
  if (setBy === 'environment') return 'environment';
  return retainDays === null ? 'forever' : 'days';
}

function sayDays(days: number | null): string {
  if (days === null) return 'for ever';
  return days === 1 ? '1 day' : `${days} days`;
}
