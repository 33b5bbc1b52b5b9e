import { shorten } from '../../api/field-path.ts';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { istioKind } from '../../api/istio-kinds.ts';
import { groupOf, isJsonObject, type JsonObject } from '../kube-object.ts';

/** `{{ ... }}` of Helm and its like. */
const TEMPLATE = /\{\{.*?\}\}/s;
/** What `{{ ... }}` without quotes is to YAML: a map with a map as its key, which is printed. */
const MAP_AS_KEY = /^\{ .* \}$/s;
/** `${NAME}`, as envsubst and Flux put values in. */
const VARIABLE = /\$\{[A-Za-z_][A-Za-z0-9_]*(:[=-][^}]*)?\}/;
/** `$(NAME)` of kustomize; Kubernetes knows it too, but not in names. */
const REFERENCE = /\$\([A-Za-z_][A-Za-z0-9_]*\)/;
/** These carry code and configuration of others, in which such text may be meant. */
const CARRIERS: readonly string[] = ['EnvoyFilter', 'WasmPlugin', 'TrafficExtension', 'ProxyConfig'];

/** Parts of an IstioOperator in which such text is meant: templates of injection, shell, text of other objects. */
const FOREIGN_PARTS: ReadonlySet<string> = new Set(
  [
    'templates overlays env lifecycle proxyMetadata extraContainerArgs initContainers additionalContainers',
    'podAnnotations serviceAnnotations injectedAnnotations accessLogFormat logFormat unvalidatedValues ztunnel',
  ].flatMap((names) => names.split(' ')),
);

/** A place where something is to be put in before the document is applied. */
export interface Placeholder {
  /** Such as `metadata.name`; empty for the text as a whole. */
  path: string;
  text: string;
}

/** What is wrong with a document that has one, and what to do. */
export function describePlaceholder({ path, text }: Placeholder): string {
  const where = path === '' ? 'the document' : path;
  return `${where} holds a placeholder (${shorten(text, 60)}): render it first, for example with helm template, and read the result`;
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
    const found = findBelow(value, path, IDENTITY);
    if (found) return found;
  }
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || CARRIERS.includes(kind)) return undefined;
  if (groupOf(apiVersion) === ISTIO_OPERATOR.group) {
    return findBelow(spec, 'spec', { ...IDENTITY, without: FOREIGN_PARTS });
  }
  return istioKind(groupOf(apiVersion), kind) ? findBelow(spec, 'spec', ANYWHERE) : undefined;
}

/** What counts as a placeholder in a spec, and which fields are not looked into. */
interface Search {
  patterns: readonly RegExp[];
  without: ReadonlySet<string>;
}

const IDENTITY: Search = { patterns: [TEMPLATE, VARIABLE, REFERENCE], without: new Set() };
const ANYWHERE: Search = { patterns: [TEMPLATE, VARIABLE], without: new Set() };

function findBelow(value: unknown, path: string, search: Search): Placeholder | undefined {
  const text = placeholderIn(value, search.patterns);
  if (text !== undefined) return { path, text };
  for (const [at, child] of childrenOf(value, path, search)) {
    const found = findBelow(child, at, search);
    if (found) return found;
  }
  return undefined;
}

function childrenOf(value: unknown, path: string, { without }: Search): (readonly [path: string, value: unknown])[] {
  if (Array.isArray(value)) return value.map((item, i) => [`${path}[${i}]`, item] as const);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => (without.has(key) ? [] : [[`${path}.${key}`, item] as const]));
}

function placeholderIn(value: unknown, patterns: readonly RegExp[]): string | undefined {
  if (typeof value === 'string') {
    return patterns.map((pattern) => pattern.exec(value)?.[0]).find((text) => text !== undefined);
  }
  const key = isJsonObject(value) ? Object.keys(value).find((name) => MAP_AS_KEY.test(name)) : undefined;
  return key === undefined ? undefined : `{${key}}`;
}
