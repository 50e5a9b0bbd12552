/** One line for the log. A query's error holds its parameters, which are no log's business: its cause says enough. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('query' in error && error.cause instanceof Error) return describeError(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return `${error.name}: ${error.message || 'no message'}${code}`;
}

/** The database could not be reached, or ended the connection: nothing is wrong with the request. */
export function isDatabaseUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (/^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|CONNECT_TIMEOUT|CONNECTION_\w+|57P0\d|53300)$/.test(code)) {
    return true;
  }
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnreachable);
  return isDatabaseUnreachable(error.cause);
}
