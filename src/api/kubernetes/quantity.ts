/** Binary units by their exponent: `Ki` is index 1. */
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Decimal units; `''` is 10^0 and each step is 10^3. */
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const ONES = 3;
/** A resource quantity: `500m`, `2Gi`, `1`, `1e3`. */
export const QUANTITY = /^([-+]?)(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][-+]?\d+)?$/;

interface Quantity {
  negative: boolean;
  /** In units of 10^-9, rounded away from zero. */
  nanos: bigint;
  form: 'binary' | 'decimal' | 'exponent';
}

const canonicalForms = new Map<string, string>();
const FORMS_KEPT = 1000;

/** Whether Kubernetes reads the text as a resource quantity. */
export function isQuantity(text: string): boolean {
  return parse(text) !== undefined;
}

/** A quantity as Kubernetes writes it (`1024Mi` is `1Gi`, `2000m` is `2`); undefined when it is none. */
export function canonicalQuantity(value: string | number): string | undefined {
  const text = String(value);
  const known = canonicalForms.get(text);
  if (known !== undefined) return known;
  const quantity = parse(text);
  if (!quantity) return undefined;
  const canonical = write(quantity);
  if (canonicalForms.size < FORMS_KEPT) canonicalForms.set(text, canonical);
  return canonical;
}

function parse(text: string): Quantity | undefined {
  const match = QUANTITY.exec(text);
  if (!match) return undefined;
  const [, sign, number = '', suffix = ''] = match;
  const binary = BINARY.indexOf(suffix);
  const [form, nanos] = binary > 0 ? (['binary', binaryNanos(number, binary)] as const) : decimalNanos(number, suffix);
  return { negative: sign === '-', nanos, form };
}

function binaryNanos(number: string, exponent: number): bigint {
  const [whole = '', fraction = ''] = number.split('.');
  const scale = 10n ** BigInt(fraction.length);
  const numerator = BigInt(`0${whole}${fraction}`) * 1024n ** BigInt(exponent) * 10n ** 9n;
  return (numerator + scale - 1n) / scale;
}

function decimalNanos(number: string, suffix: string): readonly ['decimal' | 'exponent', bigint] {
  const [whole = '', fraction = ''] = number.split('.');
  const unit = DECIMAL.indexOf(suffix);
  const exponent = unit >= 0 ? (unit - ONES) * 3 : Math.max(-400, Math.min(400, Number(suffix.slice(1))));
  const shift = 9 + exponent - fraction.length;
  const digits = BigInt(`0${whole}${fraction}`);
  const form = unit >= 0 ? 'decimal' : 'exponent';
  if (shift >= 0) return [form, digits * 10n ** BigInt(shift)];
  const scale = 10n ** BigInt(-shift);
  return [form, (digits + scale - 1n) / scale];
}

function write({ negative, nanos, form }: Quantity): string {
  if (nanos === 0n) return '0';
  const sign = negative ? '-' : '';
  const whole = nanos / 10n ** 9n;
  // Kubernetes writes a binary quantity that is smaller than 1Ki, or no whole number, in decimal form.
  if (form === 'binary' && nanos % 10n ** 9n === 0n && whole >= 1024n) return sign + writeBinary(whole);
  return sign + writeDecimal(nanos, form === 'exponent');
}

function writeBinary(whole: bigint): string {
  let amount = whole;
  let unit = 0;
  while (amount % 1024n === 0n && unit < BINARY.length - 1) {
    amount /= 1024n;
    unit += 1;
  }
  return `${amount}${BINARY[unit] ?? ''}`;
}

function writeDecimal(nanos: bigint, exponent: boolean): string {
  let amount = nanos;
  let unit = 0;
  while (amount % 1000n === 0n && (exponent || unit < DECIMAL.length - 1)) {
    amount /= 1000n;
    unit += 1;
  }
  if (!exponent) return `${amount}${DECIMAL[unit] ?? ''}`;
  return unit === ONES ? String(amount) : `${amount}e${(unit - ONES) * 3}`;
}
