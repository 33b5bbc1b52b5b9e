import { canonicalQuantity } from '../../api/kubernetes/quantity.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';

/** What the API server fills in where a pod says nothing, by the name of the field. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  protocol: 'TCP',
  // Of a reference to a field of the pod.
  apiVersion: 'v1',
  divisor: '0',
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
  scheme: 'HTTP',
  defaultMode: 420,
  expirationSeconds: 3600,
  type: '',
  value: '',
  service: '',
};

/** Fields whose values are amounts, which can be written in several ways. */
const AMOUNTS: ReadonlySet<string> = new Set(['limits', 'requests']);
const AMOUNT: ReadonlySet<string> = new Set(['sizeLimit', 'divisor']);

/** A part of a pod without what says nothing: defaults of the API server, empty maps and lists; amounts in one form. */
export function plainForm(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => plainForm(item) ?? null);
  if (!isJsonObject(value)) return value ?? undefined;
  const plain = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    const kept = AMOUNTS.has(key) && isJsonObject(item) ? plainAmounts(item) : plainField(key, item);
    return kept === undefined ? [] : [[key, kept]];
  });
  return plain.length === 0 ? undefined : Object.fromEntries(plain);
}

function plainField(key: string, item: Json | undefined): Json | undefined {
  const value = AMOUNT.has(key) ? plainAmount(item) : plainForm(item);
  return Object.hasOwn(DEFAULTS, key) && value === DEFAULTS[key] ? undefined : value;
}

function plainAmounts(amounts: JsonObject): Json | undefined {
  const entries = Object.entries(amounts).map(([name, amount]) => [name, plainAmount(amount)] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function plainAmount(amount: Json | undefined): Json | undefined {
  if (typeof amount !== 'string' && typeof amount !== 'number') return amount;
  return canonicalQuantity(amount) ?? amount;
}
