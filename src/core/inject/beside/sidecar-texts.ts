import { PROXY_CONTAINER } from '../../../api/istio-names.ts';
import type { JsonObject } from '../../kube-object.ts';
import { mergeTemplate } from '../apply-templates.ts';
import { CLUSTER_ENV, NETWORK_ENV } from '../cluster-env.ts';
import { orderInit } from '../container-order.ts';
import { containersOf, envOf, findProxy } from '../containers.ts';
import { KnownForms } from '../known-forms.ts';
import { statusText } from '../status-annotation.ts';
import type { Pod } from '../template-context.ts';
import type { OwnParts, SidecarParts } from '../templates/sidecar-parts.ts';
import { sidecarSpec } from '../templates/sidecar.ts';

/** Lists of a pod to which a sidecar adds elements with names of their own. */
export const NAMED_LISTS = ['volumes', 'imagePullSecrets'] as const;
export type NamedList = (typeof NAMED_LISTS)[number];

/** The elements of such a list; none where it is absent. */
export function elementsOf(spec: JsonObject, list: NamedList): readonly JsonObject[] {
  const value = spec[list];
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}

/** Stands in a list of texts for the proxy, which is different for each pod. */
export const PROXY = Symbol('proxy');

/** What comes before the elements of the pod, as operations and as the start of a list. */
export interface AddedElements {
  names: readonly string[];
  /** The operations that put them first. */
  operations: string;
  /** The list for a pod that has none. */
  list: string;
}

/** The parts of a sidecar, as the JSON text of what they become in a pod that has nothing of the same name. */
export interface SidecarTexts {
  isNative: boolean;
  /** The proxy without its resources, its environment and the brace at its end. */
  frame: string;
  resources: string;
  /** Init containers around those of the pod. */
  init: InitTexts;
  added: Readonly<Record<NamedList, AddedElements>>;
  /** The variables that most pods share. */
  env: readonly JsonObject[];
  /** The text of the same in the four parts that a pod's own stand between, each variable with a comma before it. */
  envTexts: (overwritten: Readonly<Record<string, string>>) => EnvTexts;
  status: string;
}

export type EnvTexts = readonly [string, string, string, string];

export interface InitTexts {
  before: readonly (string | typeof PROXY)[];
  after: readonly string[];
}

const NOTHING: Pod = { metadata: {}, spec: { containers: null } };
/** A key by which strategic merge is told something. Where this only looks like one, nothing is lost but speed. */
const DIRECTIVE = /"\$[^"]*":/;
const OWN: JsonObject = {};

/** By the revision that the status names. */
const kept = new WeakMap<SidecarParts, Map<string, SidecarTexts | undefined>>();

/**
 * The texts for a pod. Undefined when parts ask for more than to be added.
 * @throws InjectionError for parts of the wrong type
 */
export function podTexts(
  { shared, own }: { shared: SidecarParts; own: OwnParts | undefined },
  revision: string,
): SidecarTexts | undefined {
  const texts = textsOf(shared, revision);
  return texts && own ? withOwn(texts, own) : texts;
}

/** Made once for parts that are kept. */
function textsOf(parts: SidecarParts, revision: string): SidecarTexts | undefined {
  if (!parts.isKept) return makeTexts(parts, revision);
  let known = kept.get(parts);
  if (!known) kept.set(parts, (known = new Map<string, SidecarTexts | undefined>()));
  if (!known.has(revision)) known.set(revision, makeTexts(parts, revision));
  return known.get(revision);
}

function withOwn(texts: SidecarTexts, { init, resources }: OwnParts): SidecarTexts {
  const proxy = { name: PROXY_CONTAINER, resources };
  const spec = texts.isNative
    ? { initContainers: [...init, proxy] }
    : { initContainers: [...init], containers: [proxy] };
  const merged = mergeTemplate(NOTHING, { output: { spec }, name: 'sidecar' }, new KnownForms()).spec;
  return {
    ...texts,
    resources: JSON.stringify(findProxy(merged)?.resources),
    init: initTexts(containersOf(merged, 'initContainers')),
  };
}

/** Those hold for every pod in which the parts are merged with nothing. */
function makeTexts(parts: SidecarParts, revision: string): SidecarTexts | undefined {
  const { beforePorts, beforeWorkload, beforeTelemetry, last } = parts.env;
  const groups = [beforePorts, beforeWorkload, beforeTelemetry, last];
  const output = { spec: sidecarSpec(parts, groups.flat()) };
  if (DIRECTIVE.test(JSON.stringify(output))) return undefined;
  const { spec } = mergeTemplate(NOTHING, { output, name: 'sidecar' }, new KnownForms());
  const proxy = findProxy(spec);
  const [volumes, imagePullSecrets] = NAMED_LISTS.map((list) => addedElements(spec, list));
  if (!proxy || !volumes || !imagePullSecrets) return undefined;
  const env = envOf(proxy);
  return {
    isNative: parts.isNative,
    frame: frameText(proxy),
    resources: JSON.stringify(proxy.resources),
    init: initTexts(containersOf(spec, 'initContainers')),
    added: { volumes, imagePullSecrets },
    env,
    envTexts: envTextsOf(env, groups),
    status: statusText(spec, revision),
  };
}

function frameText(proxy: JsonObject): string {
  const frame = { ...proxy };
  delete frame.env;
  delete frame.resources;
  return JSON.stringify(frame).slice(0, -1);
}

function initTexts(containers: readonly JsonObject[]): InitTexts {
  const ordered = orderInit([...containers, OWN]);
  const at = ordered.indexOf(OWN);
  const after = ordered.slice(at + 1).map((container) => JSON.stringify(container));
  const before = ordered
    .slice(0, at)
    .map((container) => (container.name === PROXY_CONTAINER ? PROXY : JSON.stringify(container)));
  return { before, after };
}

/** Undefined where two elements have one name, or one has none: such are merged with each other. */
function addedElements(spec: JsonObject, list: NamedList): AddedElements | undefined {
  const elements = elementsOf(spec, list);
  const names = elements.map(({ name }) => name).filter((name) => typeof name === 'string' && name !== '');
  if (new Set(names).size !== elements.length) return undefined;
  const texts = elements.map((element) => JSON.stringify(element));
  const operations = texts.map((text, i) => addText(`/spec/${list}/${i}`, text)).join(',');
  return { names: names as string[], operations, list: `[${texts.join(',')}]` };
}

/** The JSON text of an operation that adds something whose text is known; the path needs no escapes. */
export function addText(path: string, value: string): string {
  return `{"op":"add","path":"${path}","value":${value}}`;
}

function envTextsOf(env: readonly JsonObject[], groups: readonly (readonly JsonObject[])[]): SidecarTexts['envTexts'] {
  const made = new Map<string, EnvTexts>();
  const make = (overwritten: Readonly<Record<string, string>>): EnvTexts => {
    let from = 0;
    const [first = '', second = '', third = '', last = ''] = groups.map(({ length }) => {
      const group = env.slice(from, from + length).filter(({ name }) => !Object.hasOwn(overwritten, name as string));
      from += length;
      return group.map((variable) => `,${JSON.stringify(variable)}`).join('');
    });
    return [first, second, third, last];
  };
  return (overwritten) => {
    const key = [CLUSTER_ENV, NETWORK_ENV].map((name) => Object.hasOwn(overwritten, name)).join();
    const known = made.get(key) ?? make(overwritten);
    made.set(key, known);
    return known;
  };
}
