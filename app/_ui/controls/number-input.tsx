'use client';

import { type ComponentProps, useState } from 'react';
import { Input } from './field.tsx';

interface NumberInputProps extends Omit<ComponentProps<typeof Input>, 'value' | 'onChange' | 'type'> {
  /** As it is at first; afterwards it is what was typed. */
  value: number | null;
  /** Null: nothing was typed. NaN: no number. */
  onChange(value: number | null): void;
}

/** Keeps the text while it is typed: a number that is half written is not one yet. */
export function NumberInput({ value, onChange, ...rest }: NumberInputProps) {
  const [text, setText] = useState(value === null ? '' : String(value));
  return (
    <Input
      {...rest}
      type="number"
      inputMode="numeric"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(event.target.value.trim() === '' ? null : Number(event.target.value));
      }}
    />
  );
}
