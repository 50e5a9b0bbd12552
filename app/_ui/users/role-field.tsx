'use client';

import { useState } from 'react';
import type { Role } from '../../_control/roles.ts';
import { Field, Select } from '../controls/field.tsx';
import { roleNames } from './role-names.ts';

/** `name="role"`, and below it what the chosen role may. */
export function RoleField({ initial, error }: { initial: Role; error?: string | undefined }) {
  const [role, setRole] = useState<string>(initial);
  const may = roleNames.find((known) => known.role === role)?.may;
  return (
    <Field label="Role" hint={may} error={error}>
      {(control) => (
        <Select {...control} name="role" value={role} onChange={(event) => setRole(event.target.value)}>
          {roleNames.map((known) => (
            <option key={known.role} value={known.role}>
              {known.label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
