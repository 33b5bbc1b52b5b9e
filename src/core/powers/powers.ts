import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import { canonicalJson } from '../canonical-json.ts';
import { computePodPowers, nameOf, type Power } from './pod-powers.ts';
import { computeGrants, rulesOf } from './policy-rules.ts';

/** Reads an object's powers; by kind. */
type Reader = (object: KubeObject) => Power[];

const field = (name: string): Reader => {
  return (object) => power(name, object[name]);
};

const fieldsOf = (object: KubeObject, list: string, ...names: string[]): Power[] =>
  listAt(object, list).flatMap((item) =>
    names.flatMap((name) => power(`${list}[name:${nameOf(item)}].${name}`, item[name])),
  );

const READERS: Readonly<Record<string, readonly Reader[]>> = {
  ClusterRole: [ruleGrants, field('aggregationRule'), aggregationLabels],
  Role: [ruleGrants],
  ClusterRoleBinding: [field('roleRef'), subjects],
  RoleBinding: [field('roleRef'), subjects],
  MutatingWebhookConfiguration: [(object) => fieldsOf(object, 'webhooks', 'clientConfig', 'rules')],
  ValidatingWebhookConfiguration: [(object) => fieldsOf(object, 'webhooks', 'clientConfig', 'rules')],
  CustomResourceDefinition: [({ spec }) => (isJsonObject(spec) ? power('spec.conversion', spec['conversion']) : [])],
  Deployment: [computePodPowers],
  DaemonSet: [computePodPowers],
};

/** All powers of an object. */
function computePowers(object: KubeObject): Power[] {
  return (READERS[object.kind] ?? []).flatMap((read) => read(object));
}

/**
 * The fields through which an object has powers that it had not before, each once. What gives an object another
 * identity gives it another object's place, and counts too.
 */
export function findGainedFields(before: KubeObject, after: KubeObject): string[] {
  const had = new Set([...identity(before), ...computePowers(before)].map(keyOf));
  const gained = [...identity(after), ...computePowers(after)].filter((each) => !had.has(keyOf(each)));
  return [...new Set(gained.map((each) => each.field))];
}

function keyOf(each: Power): string {
  return `${each.field} ${each.value}`;
}

function identity({ apiVersion, kind, metadata }: KubeObject): Power[] {
  const { name, namespace } = metadata;
  return Object.entries({ apiVersion, kind, 'metadata.name': name, 'metadata.namespace': namespace ?? null }).map(
    ([path, value]) => ({ field: path, value: canonicalJson(value) }),
  );
}

function power(path: string, value: unknown): Power[] {
  return value === undefined || value === null ? [] : [{ field: path, value: canonicalJson(value) }];
}

function ruleGrants(object: KubeObject): Power[] {
  return computeGrants(rulesOf(object)).flatMap((grant) => power('rules', grant));
}

/** Such a label adds the role's rules to another role. */
function aggregationLabels({ metadata }: KubeObject): Power[] {
  return Object.entries(metadata.labels ?? {})
    .filter(([label]) => label.startsWith('rbac.authorization.k8s.io/'))
    .flatMap(([label, value]) => power(`metadata.labels.${label}`, value));
}

function subjects(object: KubeObject): Power[] {
  return listAt(object, 'subjects').flatMap((subject) => power('subjects', subject));
}

function listAt(object: KubeObject, name: string): JsonObject[] {
  const value = object[name] as Json | undefined;
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
