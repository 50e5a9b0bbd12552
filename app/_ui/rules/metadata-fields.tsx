'use client';

import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Input } from '../controls/field.tsx';
import { FieldsetError } from './fieldset-error.tsx';
import { formatMetadataValue, type MetadataValue, parseMetadataValue } from './metadata-value.ts';

interface MetadataFieldsProps {
  value: Record<string, MetadataValue> | null;
  onChange(value: Record<string, MetadataValue> | null): void;
  error: string | undefined;
}

interface Row {
  /** Stays with the row while its name is typed. */
  id: number;
  name: string;
  text: string;
}

/** Values that a participant's metadata must have, one row each. */
export function MetadataFields({ value, onChange, error }: MetadataFieldsProps) {
  const [rows, setRows] = useState<readonly Row[]>(() =>
    Object.entries(value ?? {}).map(([name, each], id) => ({ id, name, text: formatMetadataValue(each) })),
  );

  const change = (next: readonly Row[]) => {
    setRows(next);
    const named = next.filter(({ name }) => name.trim() !== '');
    onChange(
      named.length === 0
        ? null
        : Object.fromEntries(named.map(({ name, text }) => [name.trim(), parseMetadataValue(text)])),
    );
  };
  const edit = (id: number, part: Partial<Row>) =>
    change(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));

  return (
    <fieldset>
      <legend className="font-medium">Metadata</legend>
      <p className="mt-0.5 mb-2 text-xs text-ink-faint">
        Only participants whose metadata is JSON with all of these values. None: metadata does not matter.
      </p>
      <div className="space-y-2">
        {rows.map((row, index) => (
          <div key={row.id} className="flex items-center gap-2">
            <Input
              aria-label={`Name of value ${index + 1}`}
              placeholder="team"
              value={row.name}
              onChange={(event) => edit(row.id, { name: event.target.value })}
              className="min-w-0 flex-1 font-mono"
              autoCapitalize="off"
              spellCheck={false}
            />
            <span aria-hidden className="text-ink-faint">
              =
            </span>
            <Input
              aria-label={`Value ${index + 1}`}
              placeholder="blue"
              value={row.text}
              onChange={(event) => edit(row.id, { text: event.target.value })}
              className="min-w-0 flex-1 font-mono"
              autoCapitalize="off"
              spellCheck={false}
            />
            <Button
              look="quiet"
              size="icon"
              aria-label={`Remove value ${index + 1}`}
              icon={<X aria-hidden />}
              onClick={() => change(rows.filter((other) => other.id !== row.id))}
            />
          </div>
        ))}
        <Button
          size="small"
          icon={<Plus aria-hidden />}
          onClick={() => setRows([...rows, { id: Math.max(-1, ...rows.map(({ id }) => id)) + 1, name: '', text: '' }])}
        >
          Add a value
        </Button>
      </div>
      <FieldsetError message={error} />
    </fieldset>
  );
}
