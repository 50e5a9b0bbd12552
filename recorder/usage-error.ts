/** The arguments or the environment are wrong; the message is a sentence that names the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
