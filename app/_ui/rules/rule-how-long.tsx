'use client';

import { Controller, useFormContext } from 'react-hook-form';
import { Field } from '../controls/field.tsx';
import { NumberInput } from '../controls/number-input.tsx';
import { Panel } from '../controls/panel.tsx';
import type { RuleValues } from './rule-form.tsx';

export function RuleHowLong() {
  const {
    control,
    formState: { errors },
  } = useFormContext<RuleValues>();
  return (
    <Panel title="How long">
      <div className="grid items-start gap-x-4 gap-y-3 p-4 sm:grid-cols-2">
        <Controller
          control={control}
          name="reconnectWindowMs"
          render={({ field }) => (
            <Field
              label="Reconnect window, seconds"
              error={errors.reconnectWindowMs?.message}
              hint="Away for less than this, and it stays one recording. 0 to 300."
            >
              {(attributes) => (
                <NumberInput
                  {...attributes}
                  min={0}
                  max={300}
                  value={field.value / 1000}
                  onChange={(seconds) => field.onChange(seconds === null ? undefined : Math.round(seconds * 1000))}
                />
              )}
            </Field>
          )}
        />
        <Controller
          control={control}
          name="retainDays"
          render={({ field }) => (
            <Field
              label="Keep for days"
              error={errors.retainDays?.message}
              hint="Empty: as this installation is set, or until somebody deletes them."
            >
              {(attributes) => (
                <NumberInput {...attributes} min={1} max={36_500} value={field.value} onChange={field.onChange} />
              )}
            </Field>
          )}
        />
      </div>
    </Panel>
  );
}
