import { floatText } from './float-text.ts';
import { GoInteger, GoList, GoMap, sortedEntries, typeName, type GoValue } from './go-values.ts';
import { goText, MAX_TEXT, quoteText } from './print-value.ts';
import { TemplateError } from './template-error.ts';

const DIRECTIVE = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(.)|%/gsu;

const ARGUMENT_INDEX = /%[-+# 0\d.*]*\[/;

interface Directive {
  flags: string;
  width: number | undefined;
  precision: number | undefined;
  verb: string;
}

/** Go's Sprintf. A wrong verb or argument shows in the text, as Go does it. @throws TemplateError for a huge width */
export function sprintf(format: string, values: readonly GoValue[]): string {
  if (ARGUMENT_INDEX.test(format)) throw new TemplateError('argument indexes such as %[1]d are not supported');
  let used = 0;
  const next = (): GoValue => values[used++];
  const star = (): number => {
    const value = next();
    return value instanceof GoInteger ? Number(value.value) : 0;
  };
  const text = format.replace(DIRECTIVE, (whole: string, ...groups: (string | undefined)[]) => {
    const [flags = '', width, precision, verb] = groups;
    if (verb === undefined) return '%!(NOVERB)';
    if (verb === '%') return '%';
    const directive = readDirective({ flags, verb, width, precision, dotted: whole.includes('.') }, star);
    if (used >= values.length) return `%!${verb}(MISSING)`;
    return formatted(next(), directive);
  });
  const extra = values.slice(used).map((value) => (isNil(value) ? '<nil>' : `${typeName(value)}=${goText(value)}`));
  return used < values.length ? `${text}%!(EXTRA ${extra.join(', ')})` : text;
}

interface RawDirective {
  flags: string;
  verb: string;
  width: string | undefined;
  precision: string | undefined;
  dotted: boolean;
}

function readDirective(raw: RawDirective, star: () => number): Directive {
  const count = (text: string | undefined): number | undefined =>
    text === '*' ? star() : text === undefined ? undefined : Number(text);
  const width = count(raw.width);
  const precision = count(raw.precision) ?? (raw.dotted ? 0 : undefined);
  if (Math.abs(width ?? 0) > MAX_TEXT || (precision ?? 0) > MAX_PRECISION) {
    throw new TemplateError('a width or precision is too large');
  }
  const { flags, verb } = raw;
  if (width === undefined || width >= 0) return { flags, width, precision, verb };
  return { flags: `${flags}-`, width: -width, precision, verb };
}

const MAX_PRECISION = 1000;

function isNil(value: GoValue): boolean {
  return value === undefined || value === null;
}

function formatted(value: GoValue, directive: Directive): string {
  const { verb } = directive;
  if (verb === 'T') return padded(typeName(value), directive, false);
  if (isNil(value))
    return verb === 'v' || verb === 's'
      ? padded(verb === 'v' ? '<nil>' : '%!s(<nil>)', directive, false)
      : `%!${verb}(<nil>)`;
  if (value instanceof GoList) return `[${value.items.map((item) => formatted(item, directive)).join(' ')}]`;
  if (value instanceof GoMap) {
    const pairs = sortedEntries(value).map(
      ([key, item]) => `${formatted(key, directive)}:${formatted(item, directive)}`,
    );
    return `map[${pairs.join(' ')}]`;
  }
  return scalar(value, directive) ?? `%!${verb}(${typeName(value)}=${goText(value)})`;
}

function scalar(value: GoValue, directive: Directive): string | undefined {
  if (typeof value === 'string') return textDirective(value, directive);
  if (typeof value === 'boolean')
    return 'tv'.includes(directive.verb) ? padded(String(value), directive, false) : undefined;
  if (typeof value === 'number') return floatDirective(value, directive);
  if (value instanceof GoInteger) return integerDirective(value.value, directive);
  return textDirective(goText(value), directive);
}

function textDirective(value: string, directive: Directive): string | undefined {
  const { verb, precision, flags } = directive;
  const text = precision === undefined ? value : [...value].slice(0, precision).join('');
  if (verb === 's') return padded(text, directive, false);
  if (verb === 'v') return padded(flags.includes('#') ? quoteText(text) : text, directive, false);
  if (verb === 'q')
    return padded(flags.includes('#') && !text.includes('`') ? `\`${text}\`` : quoteText(text), directive, false);
  if (verb !== 'x' && verb !== 'X') return undefined;
  const hex = [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return padded(verb === 'X' ? hex.toUpperCase() : hex, directive, false);
}

const BASES: Readonly<Record<string, [number, string]>> = {
  b: [2, '0b'],
  o: [8, '0'],
  O: [8, ''],
  x: [16, '0x'],
  X: [16, '0X'],
  d: [10, ''],
  v: [10, ''],
};

function integerDirective(value: bigint, directive: Directive): string | undefined {
  const { verb, flags } = directive;
  if (verb === 'c') return padded(character(value), directive, false);
  if (verb === 'q') return padded(`'${character(value)}'`, directive, false);
  if (verb === 'U') return padded(`U+${value.toString(16).toUpperCase().padStart(4, '0')}`, directive, false);
  const base = BASES[verb];
  if (!base) return undefined;
  const digits = (value < 0n ? -value : value).toString(base[0]);
  const shown = (verb === 'X' ? digits.toUpperCase() : digits).padStart(directive.precision ?? 0, '0');
  const prefix = verb === 'O' ? '0o' : flags.includes('#') ? base[1] : '';
  return padded(`${signOf(value < 0n, flags)}${prefix}${shown}`, directive, directive.precision === undefined);
}

function character(code: bigint): string {
  return code >= 0n && code <= 0x10ffffn ? String.fromCodePoint(Number(code)) : '\ufffd';
}

function signOf(negative: boolean, flags: string): string {
  if (negative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function floatDirective(value: number, directive: Directive): string | undefined {
  const text = floatDigits(Math.abs(value), directive);
  if (text === undefined) return undefined;
  const negative = value < 0 || Object.is(value, -0);
  return padded(`${signOf(negative, directive.flags)}${text}`, directive, Number.isFinite(value));
}

const MAX_DIGITS = 100;

function floatDigits(value: number, { verb, precision }: Directive): string | undefined {
  const digits = Math.min(precision ?? 6, MAX_DIGITS);
  const kind = verb.toLowerCase();
  if (!'efgv'.includes(kind) || verb === 'V') return undefined;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : '+Inf';
  if (kind === 'f') return value.toFixed(digits);
  if (kind === 'e') return upper(verb === 'E', goExponent(value.toExponential(digits)));
  return upper(verb === 'G', precision === undefined ? floatText(value) : significant(value, precision));
}

function significant(value: number, precision: number): string {
  const digits = Math.min(Math.max(precision, 1), 100);
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  if (exponent >= -4 && exponent < digits) return trimZeros(value.toFixed(Math.max(0, digits - 1 - exponent)));
  const [mantissa = '', power = ''] = value.toExponential(digits - 1).split('e');
  return goExponent(`${trimZeros(mantissa)}e${power}`);
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function goExponent(text: string): string {
  return text.replace(/e([-+])(\d)$/, 'e$10$2');
}

function upper(wanted: boolean, text: string): string {
  return wanted ? text.toUpperCase() : text;
}

function padded(text: string, { flags, width }: Directive, zeros: boolean): string {
  const missing = (width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!zeros || !flags.includes('0')) return ' '.repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
