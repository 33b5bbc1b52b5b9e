import { GO_DURATION, parseDuration } from '../proto/duration.ts';

const PLAIN = {
  boolean: (value: unknown): boolean => typeof value === 'boolean',
  // More than Go can hold is none.
  duration: (value: unknown): boolean =>
    typeof value === 'string' && GO_DURATION.test(value) && parseDuration(value) !== undefined,
  int32: (value: unknown): boolean => isWhole(value, -(2 ** 31), 2 ** 31 - 1),
  number: (value: unknown): boolean => Number.isFinite(value),
  safeint: (value: unknown): boolean => Number.isSafeInteger(value),
  string: (value: unknown): boolean => typeof value === 'string',
  uint32: (value: unknown): boolean => isWhole(value, 0, 2 ** 32 - 1),
};

/** What a value that holds no others may be; a pattern is the source of a regular expression. */
export type LeafType = keyof typeof PLAIN | { pattern: string } | { words: readonly string[] };

/** The type of that name, if there is one. */
export function plainLeaf(name: string): LeafType | undefined {
  return Object.hasOwn(PLAIN, name) ? (name as keyof typeof PLAIN) : undefined;
}

/** Whether a value is of the type, as zod says it of the schema that the type was made from. */
export function isOfType(type: LeafType, value: unknown): boolean {
  if (typeof type === 'string') return PLAIN[type](value);
  if (typeof value !== 'string') return false;
  return 'words' in type ? type.words.includes(value) : patternOf(type.pattern).test(value);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  const known = patterns.get(source) ?? new RegExp(source);
  patterns.set(source, known);
  return known;
}

/** The words among the types, but for the empty one, which means unset; undefined where there are none. */
export function choicesIn(types: readonly LeafType[]): string[] | undefined {
  for (const type of types) {
    if (typeof type === 'object' && 'words' in type) return type.words.filter((word) => word !== '');
  }
  return undefined;
}
