/** An input that cannot be used: a file, a configuration, what the cluster has. Told in one line, with where and why. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
