import { isJsonObject, objectKey, refOf, type JsonObject, type KubeObject, type ObjectRef } from '../kube-object.ts';
import type { ComponentName } from '../components.ts';
import type { Rendered } from '../render/index.ts';
import { hashOf, withHash, type Digest } from './applied-hash.ts';
import { withOwnerLabels, type Owner } from './owner-labels.ts';
import { phaseIndexOf, rankOf } from './phases.ts';
import type { Pausable } from '../pausable.ts';

/** One object as it is to be applied. */
export interface DesiredObject {
  key: string;
  ref: ObjectRef;
  component: ComponentName;
  /** `istiod`, or the gateway's name. */
  instance: string;
  /** Index into PHASES. */
  phase: number;
  hash: string;
  object: KubeObject;
  /** Created when missing, otherwise left as it is: namespaces belong to their users. */
  createOnly: boolean;
}

/** What desired objects are computed from. */
export interface DesiredInput {
  rendered: Rendered;
  owner: Owner;
  digest: Digest;
}

/** Everything that should exist, in the order of application. An object rendered twice is there once, the last wins. */
export function* computeDesired({ rendered, owner, digest }: DesiredInput): Pausable<DesiredObject[]> {
  const { revision } = rendered;
  const byKey = new Map<string, DesiredObject>();
  const add = (raw: KubeObject, component: ComponentName, instance: string, createOnly = false): void => {
    const object = withHash(withOwnerLabels(raw, { owner, component, revision }), digest);
    const ref = refOf(object);
    const key = objectKey(ref);
    const phase = phaseIndexOf(component);
    byKey.set(key, { key, ref, component, instance, phase, hash: hashOf(object) ?? '', object, createOnly });
  };
  for (const { name, component } of namespacesOf(rendered)) {
    add({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, component, name, true);
  }
  for (const { component, instance, objects } of rendered.components) {
    for (const object of objects) {
      add(object, component, instance);
      yield;
    }
  }
  return [...byKey.values()].sort((a, b) => a.phase - b.phase || rankOf(a.ref.kind) - rankOf(b.ref.kind));
}

/** Names of the namespaces that are made when they are missing. */
export function listNamespaces(rendered: Rendered): string[] {
  return namespacesOf(rendered).map(({ name }) => name);
}

/** Namespaces that objects are in; only those of components that render something. */
function namespacesOf(rendered: Rendered): { name: string; component: ComponentName }[] {
  const found = new Map<string, ComponentName>();
  for (const { component, objects } of rendered.components) {
    for (const { metadata } of objects) {
      const name = metadata.namespace;
      if (!name || name === 'kube-system' || name === 'default') continue;
      // The earliest phase that needs the namespace makes it.
      const first = found.get(name);
      if (!first || phaseIndexOf(component) < phaseIndexOf(first)) found.set(name, component);
    }
  }
  return [...found].map(([name, component]) => ({ name, component }));
}

/** Whether two values say the same as JSON, in whatever order: what is undefined is not there. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (!isJsonObject(a)) return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  if (!isJsonObject(b)) return false;
  const fields = setFieldsOf(a);
  const others = new Set(setFieldsOf(b));
  return fields.length === others.size && fields.every((key) => others.has(key) && isSame(a[key], b[key]));
}

function setFieldsOf(object: JsonObject): string[] {
  return Object.keys(object).filter((key) => object[key] !== undefined);
}
