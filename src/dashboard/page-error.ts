/** Why there can be no page; the message says what to do. */
export class PageError extends Error {
  override readonly name = 'PageError';
}
