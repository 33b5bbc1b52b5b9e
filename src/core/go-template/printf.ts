import { floatText } from '../float-text.ts';
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
  const star = (): number | undefined => {
    const value = next();
    return value instanceof GoInteger ? Number(value.value) : undefined;
  };
  const text = format.replace(DIRECTIVE, (whole: string, ...groups: (string | undefined)[]) => {
    const [flags = '', width, precision, verb] = groups;
    if (verb === undefined) return '%!(NOVERB)';
    if (verb === '%') return '%';
    const { complaints, ...directive } = readDirective(
      { flags, verb, width, precision, dotted: whole.includes('.') },
      star,
    );
    if (used >= values.length) return `${complaints}%!${verb}(MISSING)`;
    return `${complaints}${formatted(next(), directive)}`;
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

/** The directive, and Go's complaint about a `*` whose argument is no integer. */
function readDirective(raw: RawDirective, star: () => number | undefined): Directive & { complaints: string } {
  const width = readCount(raw.width, '%!(BADWIDTH)', star);
  const precision = readCount(raw.precision, '%!(BADPREC)', star);
  if (Math.abs(width.count ?? 0) > MAX_TEXT || (precision.count ?? 0) > MAX_PRECISION) {
    throw new TemplateError('a width or precision is too large');
  }
  // With %v a plus asks for names of fields, not for signs.
  const flags = raw.verb === 'v' ? raw.flags.replaceAll('+', '') : raw.flags;
  return {
    flags: (width.count ?? 0) < 0 ? `${flags}-` : flags,
    width: width.count === undefined ? undefined : Math.abs(width.count),
    precision: raw.dotted && raw.precision === undefined ? 0 : precision.count,
    verb: raw.verb,
    complaints: width.complaint + precision.complaint,
  };
}

function readCount(
  text: string | undefined,
  complaint: string,
  star: () => number | undefined,
): { count: number | undefined; complaint: string } {
  if (text === undefined) return { count: undefined, complaint: '' };
  const count = text === '*' ? star() : Number(text);
  return { count, complaint: count === undefined ? complaint : '' };
}

const MAX_PRECISION = 1000;

function isNil(value: GoValue): boolean {
  return value === undefined || value === null;
}

function formatted(value: GoValue, directive: Directive): string {
  const { verb } = directive;
  if (verb === 'T') return padded(typeName(value), directive);
  if (isNil(value))
    return verb === 'v' || verb === 's' ? padded(verb === 'v' ? '<nil>' : '%!s(<nil>)', directive) : `%!${verb}(<nil>)`;
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
  if (typeof value === 'boolean') return 'tv'.includes(directive.verb) ? padded(String(value), directive) : undefined;
  if (typeof value === 'number') return floatDirective(value, directive);
  if (value instanceof GoInteger) return integerDirective(value.value, directive);
  return textDirective(goText(value), directive);
}

function textDirective(value: string, directive: Directive): string | undefined {
  const { verb, precision, flags } = directive;
  const text = precision === undefined ? value : [...value].slice(0, precision).join('');
  if (verb === 's') return padded(text, directive);
  if (verb === 'v') return padded(flags.includes('#') ? quoteText(text) : text, directive);
  if (verb === 'q') return padded(quoted(text, flags), directive);
  if (verb !== 'x' && verb !== 'X') return undefined;
  const hex = [...new TextEncoder().encode(text)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(flags.includes(' ') ? ' ' : '');
  return padded(upper(verb === 'X', hex), directive);
}

function quoted(text: string, flags: string): string {
  if (flags.includes('#') && !text.includes('`')) return `\`${text}\``;
  if (!flags.includes('+')) return quoteText(text);
  return quoteText(text).replace(/\P{ASCII}/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
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
  if (verb === 'c') return padded(character(value), directive);
  if (verb === 'q') return padded(`'${character(value)}'`, directive);
  if (verb === 'U') {
    const code = `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
    return padded(flags.includes('#') ? `${code} '${character(value)}'` : code, withoutZeros(directive));
  }
  const base = BASES[verb];
  if (!base) return undefined;
  const digits = (value < 0n ? -value : value).toString(base[0]);
  const shown = (verb === 'X' ? digits.toUpperCase() : digits).padStart(directive.precision ?? 0, '0');
  const prefix = verb === 'O' ? '0o' : flags.includes('#') ? base[1] : '';
  const number = directive.precision === undefined ? directive : withoutZeros(directive);
  return paddedNumber(`${signOf(value < 0n, flags)}${prefix}${shown}`, number);
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
  return paddedNumber(
    `${signOf(negative, directive.flags)}${text}`,
    Number.isFinite(value) ? directive : withoutZeros(directive),
  );
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

function withoutZeros(directive: Directive): Directive {
  return { ...directive, flags: directive.flags.replaceAll('0', '') };
}

/** Zeros of a number stand behind its sign. */
function paddedNumber(text: string, directive: Directive): string {
  const isSigned = directive.flags.includes('0') && !directive.flags.includes('-') && /^[-+ ]/.test(text);
  if (!isSigned) return padded(text, directive);
  return text.charAt(0) + padded(text.slice(1), { ...directive, width: (directive.width ?? 0) - 1 });
}

function padded(text: string, { flags, width }: Directive): string {
  const missing = (width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  return (flags.includes('0') ? '0' : ' ').repeat(missing) + text;
}
