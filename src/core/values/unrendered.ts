import { istioKind } from '../../api/istio-kinds.ts';
import { groupOf, isJsonObject, type JsonObject } from '../kube-object.ts';

/** `{{ ... }}` of Helm and its like. */
const TEMPLATE = /\{\{.*?\}\}/s;
/** `${NAME}`, as envsubst and Flux put values in. */
const VARIABLE = /\$\{[A-Za-z_][A-Za-z0-9_]*(:[=-][^}]*)?\}/;
/** `$(NAME)` of kustomize; Kubernetes knows it too, but not in names. */
const REFERENCE = /\$\([A-Za-z_][A-Za-z0-9_]*\)/;
/** These carry code and configuration of others, in which such text may be meant. */
const CARRIERS: readonly string[] = ['EnvoyFilter', 'WasmPlugin', 'TrafficExtension', 'ProxyConfig'];

/** A place where something is to be put in before the document is applied. */
export interface Placeholder {
  /** Such as `metadata.name`; empty for the text as a whole. */
  path: string;
  text: string;
}

/** The first template in the text of a document. */
export function findTemplate(source: string): Placeholder | undefined {
  const [text] = TEMPLATE.exec(source) ?? [];
  return text === undefined ? undefined : { path: '', text: text.replace(/\s+/g, ' ') };
}

/** The first placeholder in the identity of an object, or anywhere in the spec of one of Istio's kinds. */
export function findPlaceholder(object: JsonObject, source: string): Placeholder | undefined {
  const { apiVersion, kind, metadata, spec } = object;
  // A call alone, such as `{{ include "web" . }}`, is a map in a map to YAML. Files of values may hold templates.
  if (kind === undefined) return /^(---|#.*|\s)*\{\{/.test(source) ? findTemplate(source) : undefined;
  const { name, namespace } = isJsonObject(metadata) ? metadata : {};
  const identity = [
    ['apiVersion', apiVersion],
    ['kind', kind],
    ['metadata.name', name],
    ['metadata.namespace', namespace],
  ] as const;
  for (const [path, value] of identity) {
    const text = placeholderIn(value, [TEMPLATE, VARIABLE, REFERENCE]);
    if (text !== undefined) return { path, text };
  }
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || CARRIERS.includes(kind)) return undefined;
  return istioKind(groupOf(apiVersion), kind) ? findBelow(spec, 'spec') : undefined;
}

function findBelow(value: unknown, path: string): Placeholder | undefined {
  if (typeof value === 'string') {
    const text = placeholderIn(value, [TEMPLATE, VARIABLE]);
    return text === undefined ? undefined : { path, text };
  }
  const children: (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((item, i) => [`${path}[${i}]`, item] as const)
    : isJsonObject(value)
      ? Object.entries(value).map(([key, item]) => [`${path}.${key}`, item] as const)
      : [];
  for (const [at, child] of children) {
    const found = findBelow(child, at);
    if (found) return found;
  }
  return undefined;
}

function placeholderIn(value: unknown, patterns: readonly RegExp[]): string | undefined {
  if (typeof value !== 'string') return undefined;
  return patterns.map((pattern) => pattern.exec(value)?.[0]).find((text) => text !== undefined);
}
