'use client';

import { Controller, useFormContext } from 'react-hook-form';
import { Checkbox, Field, Input } from '../controls/field.tsx';
import { Panel } from '../controls/panel.tsx';
import { FieldsetError } from './fieldset-error.tsx';
import { kindNames } from './kind-names.ts';
import { MetadataFields } from './metadata-fields.tsx';
import { PatternHelp } from './pattern-help.tsx';
import type { RuleValues } from './rule-form.tsx';

const plainText = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const;

export function RuleWho() {
  const {
    register,
    control,
    formState: { errors },
  } = useFormContext<RuleValues>();
  return (
    <Panel title="Who is recorded">
      <div className="space-y-4 p-4">
        <Field label="Name of the rule" error={errors.name?.message}>
          {(field) => (
            <Input {...field} {...register('name')} maxLength={200} autoComplete="off" placeholder="Interviews" />
          )}
        </Field>
        <div className="grid items-start gap-x-4 gap-y-3 sm:grid-cols-2">
          <Field label="Room pattern" error={errors.roomPattern?.message}>
            {(field) => <Input {...field} {...register('roomPattern')} {...plainText} className="font-mono" />}
          </Field>
          <Field label="Identity pattern" error={errors.identityPattern?.message}>
            {(field) => <Input {...field} {...register('identityPattern')} {...plainText} className="font-mono" />}
          </Field>
        </div>
        <PatternHelp />
        <fieldset>
          <legend className="mb-1 font-medium">Kinds of participants</legend>
          <div className="grid grid-cols-2 gap-x-4 sm:grid-cols-3">
            {kindNames.map(({ kind, name }) => (
              <Checkbox key={kind} value={kind} {...register('kinds')}>
                {name}
              </Checkbox>
            ))}
          </div>
          <FieldsetError message={errors.kinds?.message} />
        </fieldset>
        <Controller
          control={control}
          name="metadata"
          render={({ field, fieldState }) => (
            <MetadataFields value={field.value} onChange={field.onChange} error={fieldState.error?.message} />
          )}
        />
      </div>
    </Panel>
  );
}
