'use client';

import { useState } from 'react';
import { describeScope, type Scope, scopes, scopesOf } from '../../_control/scopes.ts';
import { Checkbox, Field, Select } from '../controls/field.tsx';
import { roleNames } from '../users/role-names.ts';
import { presetOf } from './scope-presets.ts';

/** `name="scopes"`, once for each that is chosen; a preset ticks what people of a role may. */
export function ScopesField({ error }: { error?: string | undefined }) {
  const [chosen, setChosen] = useState<readonly Scope[]>(scopesOf('viewer'));
  const toggle = (scope: Scope) =>
    setChosen((before) => (before.includes(scope) ? before.filter((other) => other !== scope) : [...before, scope]));
  return (
    <div className="space-y-2">
      <Field label="It may" error={error}>
        {(control) => (
          <Select
            {...control}
            value={presetOf(chosen) ?? ''}
            onChange={(event) => {
              const preset = roleNames.find(({ role }) => role === event.target.value);
              if (preset) setChosen(scopesOf(preset.role));
            }}
          >
            {roleNames.map(({ role, label }) => (
              <option key={role} value={role}>
                What {label.toLowerCase()}s may
              </option>
            ))}
            <option value="" disabled>
              What is chosen below
            </option>
          </Select>
        )}
      </Field>
      <fieldset className="space-y-1 rounded-lg border border-line px-3 py-2">
        <legend className="sr-only">Scopes</legend>
        {scopes.map((scope) => (
          <Checkbox
            key={scope}
            name="scopes"
            value={scope}
            checked={chosen.includes(scope)}
            onChange={() => toggle(scope)}
            className="items-start! [&>input]:mt-1 [&>input]:shrink-0"
          >
            <span className="min-w-0">
              <code className="font-mono text-xs">{scope}</code>{' '}
              <span className="text-xs text-ink-muted">{describeScope(scope)}</span>
            </span>
          </Checkbox>
        ))}
      </fieldset>
    </div>
  );
}
