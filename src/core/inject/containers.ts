import { PROXY_CONTAINER } from '../../api/istio-names.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import type { Pod } from './template-context.ts';
export const INIT_CONTAINER = 'istio-init';
export const VALIDATION_CONTAINER = 'istio-validation';
export const CORE_DUMP_CONTAINER = 'enable-core-dump';

export type ContainerList = 'containers' | 'initContainers';
const LISTS: readonly ContainerList[] = ['containers', 'initContainers'];

/** The containers of one list of a pod. */
export function containersOf(spec: JsonObject, list: ContainerList): readonly JsonObject[] {
  const value = spec[list];
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}

/** Init containers first, then the others. */
export function allContainers(spec: JsonObject): JsonObject[] {
  return [...containersOf(spec, 'initContainers'), ...containersOf(spec, 'containers')];
}

export function findContainer(containers: readonly JsonObject[], name: Json | undefined): JsonObject | undefined {
  return containers.find((container) => container.name === name);
}

/** The proxy of a pod, as an ordinary container or as a native sidecar. */
export function findProxy(spec: JsonObject): JsonObject | undefined {
  return (
    findContainer(containersOf(spec, 'containers'), PROXY_CONTAINER) ??
    findContainer(containersOf(spec, 'initContainers'), PROXY_CONTAINER)
  );
}

/** The pod with one container changed; containers are told apart by identity, so the first match alone changes. */
export function replaceContainer(pod: Pod, container: JsonObject, changed: JsonObject): Pod {
  const spec = { ...pod.spec };
  for (const list of LISTS) {
    const at = containersOf(spec, list).indexOf(container);
    if (at >= 0) spec[list] = containersOf(spec, list).with(at, changed);
  }
  return { ...pod, spec };
}

/** The container with one more environment variable at the end. */
export function withEnv(container: JsonObject, name: string, value: string): JsonObject {
  return { ...container, env: [...envOf(container), envVar(name, value)] };
}

export function envOf(container: JsonObject): JsonObject[] {
  return Array.isArray(container.env) ? container.env.filter(isJsonObject) : [];
}

/** An environment variable as Kubernetes writes it: an empty value is left out. */
export function envVar(name: string, value: string): JsonObject {
  return value === '' ? { name } : { name, value };
}

/** The security context of a container; empty when it has none. */
export function securityContextOf(container: JsonObject): JsonObject {
  return isJsonObject(container.securityContext) ? container.securityContext : {};
}

/** Text for an annotation or label map that may be absent. */
export function annotationsOf(pod: Pod): Readonly<Record<string, string>> {
  return pod.metadata.annotations ?? {};
}

/** The pod with annotations added or replaced. */
export function withAnnotations(pod: Pod, added: Readonly<Record<string, string>>): Pod {
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...annotationsOf(pod), ...added } } };
}

/** The name of a container; empty when it has none. */
export function nameOf(container: JsonObject): string {
  return typeof container.name === 'string' ? container.name : '';
}
