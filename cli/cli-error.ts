/** What scripts read. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** Bad arguments. */
  usage: 2,
  /** No server answers. */
  unreachable: 3,
  /** The API key is missing, wrong, or may not. */
  refused: 4,
  notFound: 5,
  /** Not possible in this state: recorded already, not over yet. */
  conflict: 6,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A sentence that names the fix; shown without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
