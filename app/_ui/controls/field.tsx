import clsx from 'clsx';
import { type ComponentProps, type ReactNode, useId } from 'react';

const controlClasses = clsx(
  'h-9 w-full rounded-lg border border-line-strong bg-surface px-3 text-base text-ink sm:text-sm pointer-coarse:h-11',
  'focus-visible:border-focus focus-visible:outline-1 focus-visible:outline-offset-0',
  'aria-invalid:border-live disabled:opacity-50',
);

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with what is in it. */
  error?: string | undefined;
  className?: string;
  children(control: { id: string; 'aria-invalid': boolean | undefined; 'aria-describedby': string }): ReactNode;
}

/** Label, control, and below it the error, or else the hint. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className={clsx('space-y-1.5', className)}>
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {children({ id, 'aria-invalid': error === undefined ? undefined : true, 'aria-describedby': noteId })}
      <p
        id={noteId}
        className={clsx(
          'text-xs first-letter:uppercase empty:hidden',
          error === undefined ? 'text-ink-faint' : 'text-live-ink',
        )}
      >
        {error ?? hint}
      </p>
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={clsx(controlClasses, className)} />;
}

/** The browser's own list: it is better on a phone than anything we could draw. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <select {...rest} className={clsx(controlClasses, 'select-chevron appearance-none truncate pr-9', className)}>
      {children}
    </select>
  );
}

export function Checkbox({ className, children, ...rest }: ComponentProps<'input'>) {
  return (
    <label className={clsx('flex min-h-6 items-center gap-2 pointer-coarse:min-h-10', className)}>
      <input {...rest} type="checkbox" className="size-4 rounded" />
      {children}
    </label>
  );
}
