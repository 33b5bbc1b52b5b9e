const INTEGER = /^[-+]?[0-9]+$/;
const DIGITS = /^[0-9]+$/;
const INT64_MAX = 2n ** 63n - 1n;
const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Reads a decimal integer as Go's strconv.Atoi does; undefined when it would fail. */
export function parseGoInt(text: string): number | undefined {
  if (!INTEGER.test(text)) return undefined;
  if (text.length < 16) return Number(text);
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value > INT64_MAX || value < -INT64_MAX - 1n ? undefined : Number(value);
}

/** Reads a decimal number without a sign of at most so many bits. */
export function parseGoUint(text: string, bits: number): number | undefined {
  if (!DIGITS.test(text)) return undefined;
  const value = BigInt(text);
  return value >= 2n ** BigInt(bits) ? undefined : Number(value);
}

/** Reads a truth value as Go's strconv.ParseBool does. */
export function parseGoBool(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}
