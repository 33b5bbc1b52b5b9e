import { fieldPath } from '../../api/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { computeBracketDepth } from './telemetry/access-log-filter.ts';

/** What judging a resource costs, before it is judged. One unit is about a microsecond on one machine of 2026. */
export interface WorkEstimate {
  units: number;
  /** The field of the spec with the largest part, e.g. `spec.http`. */
  path: string;
}

/** The most that is judged: some seconds' worth. What people write takes a thousandth of it. */
export const MAX_WORK = 2_000_000;

const PER_VALUE = 4;
const PER_CHARACTER = 1 / 16;
const PER_REGEX_CHARACTER = 1.5;
/** A repetition is written out before it is checked. */
const PER_REGEX_BRACE = 60;
const PER_CEL_CHARACTER = 4;
/** Brackets that never close are tried again at each level. */
const PER_CEL_DEPTH_SQUARED = 1.5;
/** Longer ones are refused unread. */
const MAX_REGEX = 1024;
const MAX_CEL_DEPTH = 250;

/** Fields that hold regular expressions in any of Istio's kinds. */
const REGEX_FIELDS: ReadonlySet<string> = new Set(['regex', 'match', 'proxyVersion', 'proxy_version']);
const CEL_FIELD = 'expression';

/** Walks the resource once. All rules together cost no more than a fixed number of times this walk. */
export function estimateWork(object: JsonObject): WorkEstimate {
  const spec = object['spec'];
  const rest = estimateValue({ ...object, spec: null });
  const largest = { units: 0, path: 'spec' };
  let units = rest;
  for (const [field, value] of isJsonObject(spec) ? Object.entries(spec) : [['', spec] as const]) {
    const own = estimateValue(value);
    units += own;
    if (own > largest.units)
      Object.assign(largest, { units: own, path: field === '' ? 'spec' : fieldPath('spec', field) });
  }
  return { units: Math.ceil(units), path: largest.path };
}

function estimateValue(value: Json | undefined): number {
  let units = 0;
  const open: (Json | undefined)[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    units += PER_VALUE;
    if (typeof next === 'string') units += next.length * PER_CHARACTER;
    else if (Array.isArray(next)) for (const item of next) open.push(item);
    else if (typeof next === 'object' && next !== null) units += openFields(next, open);
  }
  return units;
}

function openFields(object: JsonObject, open: (Json | undefined)[]): number {
  let units = 0;
  for (const key of Object.keys(object)) {
    const value = object[key];
    units += key.length * PER_CHARACTER;
    if (typeof value === 'string') units += estimateExpression(key, value);
    open.push(value);
  }
  return units;
}

function estimateExpression(key: string, text: string): number {
  if (REGEX_FIELDS.has(key) && text.length <= MAX_REGEX) {
    return text.length * PER_REGEX_CHARACTER + (text.split('{').length - 1) * PER_REGEX_BRACE;
  }
  if (key !== CEL_FIELD) return 0;
  return (
    text.length * PER_CEL_CHARACTER + Math.min(computeBracketDepth(text), MAX_CEL_DEPTH) ** 2 * PER_CEL_DEPTH_SQUARED
  );
}
