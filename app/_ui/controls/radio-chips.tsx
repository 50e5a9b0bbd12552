import { useId } from 'react';

interface RadioChipsProps<Value extends string> {
  legend: string;
  /** Of the radio buttons, in a form. */
  name: string;
  choices: readonly { value: Value; label: string }[];
  value: Value;
  onChange(value: Value): void;
}

/** A few choices, all of them in sight: radio buttons that look like chips. */
export function RadioChips<Value extends string>({ legend, name, choices, value, onChange }: RadioChipsProps<Value>) {
  const id = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">{legend}</legend>
      <div className="flex flex-wrap gap-1.5">
        {choices.map((choice) => (
          <label
            key={choice.value}
            htmlFor={`${id}-${choice.value}`}
            className="relative inline-flex h-8 items-center rounded-full border border-line-strong px-3 text-[0.8125rem] has-checked:border-ink has-checked:bg-ink has-checked:text-canvas has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus not-has-checked:hover:bg-hover pointer-coarse:h-10"
          >
            <input
              type="radio"
              id={`${id}-${choice.value}`}
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
              className="absolute inset-0 size-full cursor-pointer appearance-none rounded-full outline-none"
            />
            {choice.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
