/** Why there was no answer, as Node and undici call it; empty when they do not say. */
export function connectionErrorCode(error: unknown): string {
  // Several addresses of a name were tried: the first one's reason is as good as any.
  if (error instanceof AggregateError && error.errors.length > 0) return connectionErrorCode(error.errors[0]);
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
