import { Field } from '../controls/field.tsx';
import { PasswordInput } from '../controls/password-input.tsx';

export function NewPasswordField({ name, label, error }: { name: string; label: string; error?: string | undefined }) {
  return (
    <Field label={label} hint="At least 10 characters; a few words are easy to remember." error={error}>
      {(control) => (
        <PasswordInput {...control} name={name} required minLength={10} maxLength={200} autoComplete="new-password" />
      )}
    </Field>
  );
}
