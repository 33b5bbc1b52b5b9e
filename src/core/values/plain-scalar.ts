/** One of the types that a scalar without quotes may have. */
interface PlainType {
  test: RegExp;
  read: (text: string) => unknown;
}

/**
 * As Kubernetes' readers of YAML take them; the first that fits counts, and what none fits is text. They are those of
 * `KUBERNETES_YAML`, which a test holds them to: to make them from the other reader's tags, it must be loaded.
 */
const TYPES: readonly PlainType[] = [
  { test: /^(?:~|[Nn]ull|NULL)?$/, read: () => null },
  { test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/, read: () => true },
  { test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/, read: () => false },
  { test: /^[-+]?0[bB][01_]+$/, read: (text) => readInteger(text, 2, 2) },
  { test: /^[-+]?0[0-7_]+$/, read: (text) => readInteger(text, 8, 1) },
  { test: /^[-+]?0[oO][0-7_]+$/, read: (text) => readInteger(text, 8, 2) },
  { test: /^[-+]?[0-9][0-9_]*$/, read: (text) => readInteger(text, 10, 0) },
  { test: /^[-+]?0[xX][0-9a-fA-F_]+$/, read: (text) => readInteger(text, 16, 2) },
  { test: /^[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)[eE][-+]?[0-9]+$/, read: readFloat },
  { test: /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/, read: readFloat },
];

/** Most scalars are words: nothing that is no text begins like this. */
const SURELY_TEXT = /^[a-eg-mp-su-xzA-EG-MP-SU-XZ/*"'({[_$]/;

/** How a scalar without quotes is read when it is more than text; undefined for text. */
export function findPlainType(text: string): ((text: string) => unknown) | undefined {
  return SURELY_TEXT.test(text) ? undefined : TYPES.find(({ test }) => test.test(text))?.read;
}

/** Without its prefix of so many characters, and with underscores between digits. */
function readInteger(text: string, radix: number, prefix: number): number {
  const hasSign = text.startsWith('-') || text.startsWith('+');
  const digits = text.slice(prefix + (hasSign ? 1 : 0)).replaceAll('_', '');
  const value = Number.parseInt(digits, radix);
  return text.startsWith('-') ? -value : value;
}

/** What is too large for a number stays text. */
function readFloat(text: string): unknown {
  const value = Number.parseFloat(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : text;
}
