import type { Json, JsonObject } from '../kube-object.ts';
import { setAt, splitTreePath } from './tree-path.ts';

/** Paths whose values stay text, whatever they look like. */
const TEXT_PATHS = [
  'spec.values.compatibilityVersion',
  'spec.tag',
  'spec.values.global.tag',
  'spec.meshConfig.defaultConfig.proxyMetadata.',
  'spec.values.meshConfig.defaultConfig.proxyMetadata.',
  'spec.compatibilityVersion',
];

/** Text that Go's ParseFloat takes. */
const FLOAT = /^[+-]?(\d+(_?\d)*\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const BOOLEANS: Readonly<Record<string, boolean>> = {
  t: true,
  T: true,
  true: true,
  TRUE: true,
  True: true,
  f: false,
  F: false,
  false: false,
  FALSE: false,
  False: false,
};

/** The type that a `--set` value takes: number, boolean or text, in this order. */
export function typedSetValue(text: string): Json {
  if (FLOAT.test(text) && !text.includes('_')) return Number(text);
  return BOOLEANS[text] ?? text.replaceAll('\\,', ',');
}

/** Applies `path=value` below `spec`. Throws PathError. */
export function applySetFlag(operator: JsonObject, flag: string): void {
  const equals = flag.indexOf('=');
  const path = `spec.${(equals < 0 ? flag : flag.slice(0, equals)).trim()}`;
  const text = equals < 0 ? '' : flag.slice(equals + 1).trim();
  const value = TEXT_PATHS.some((prefix) => path.startsWith(prefix)) ? text : typedSetValue(text);
  setAt(operator, splitTreePath(path), value);
}
