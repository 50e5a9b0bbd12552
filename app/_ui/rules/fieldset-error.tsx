export function FieldsetError({ message }: { message: string | undefined }) {
  if (message === undefined) return null;
  return (
    <p role="alert" className="mt-1 text-xs text-live-ink first-letter:uppercase">
      {message}
    </p>
  );
}
