/** A command line that cannot be run: told without a stack trace; the message says what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
