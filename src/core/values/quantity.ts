import type { Json } from '../kube-object.ts';

const SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?([numkMGTPE]?)$/;

/** A decimal quantity in Kubernetes' canonical form (`0.5` is `500m`, `2000m` is `2`); undefined for none and for zero. */
export function canonicalQuantity(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (text === '') return undefined;
  const match = DECIMAL.exec(text);
  // Binary and exponent forms stay as they are: nobody writes CPUs so, and they mean the same.
  if (!match || `${match[2] ?? ''}${match[3] ?? ''}` === '') return text;
  const amount = canonicalAmount(match);
  return amount === undefined ? undefined : `${match[1] === '-' ? '-' : ''}${amount}`;
}

function canonicalAmount([, , whole = '', fraction = '', suffix = '']: RegExpExecArray): string | undefined {
  // Counted in units of 1e-9, rounded up as Kubernetes does.
  const digits = SUFFIXES.findIndex((known) => known === suffix) * 3;
  const lost = /[1-9]/.test(fraction.slice(digits));
  let amount = BigInt(`0${whole}${fraction.padEnd(digits, '0').slice(0, digits)}`) + (lost ? 1n : 0n);
  if (amount === 0n) return undefined;
  let unit = 0;
  while (amount % 1000n === 0n && unit < SUFFIXES.length - 1) {
    amount /= 1000n;
    unit += 1;
  }
  return `${amount}${SUFFIXES[unit] ?? ''}`;
}
