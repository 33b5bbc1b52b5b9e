import { isJsonObject, type KubeObject } from '../kube-object.ts';

/** What the cluster holds of one control plane, as far as injection reads it. */
export interface ControlPlaneObjects {
  /** Empty for the revision without a name. */
  revision: string;
  /** Label {@link VERSION_LABEL} of the injector's ConfigMap: the release of the charts that it is from. */
  version?: string | undefined;
  /** Data of ConfigMap `istio-sidecar-injector[-REVISION]`. */
  injector: Readonly<Record<string, string>>;
  /** Data of ConfigMap `istio[-REVISION]`; without it the mesh has istiod's defaults. */
  mesh?: Readonly<Record<string, string>>;
  /** Variables of istiod's container; without them, what the values say of them. */
  env?: Readonly<Record<string, string>>;
}

/** On all objects of Istio's charts: the release that they are from. */
export const VERSION_LABEL = 'app.kubernetes.io/version';

/** ConfigMap of the injector. */
export const INJECTOR = 'istio-sidecar-injector';
/** ConfigMap of the mesh. */
export const MESH = 'istio';
/** Deployment of the control plane. */
export const CONTROL_PLANE = 'istiod';

/** How an object of a control plane is called in a revision; the empty one is that without a name. */
export function nameInRevision(name: string, revision: string): string {
  return revision === '' ? name : `${name}-${revision}`;
}

/** The revision in a name such as `istiod-canary`; undefined for other names. */
export function revisionIn(text: string, name: string): string | undefined {
  if (text === name) return '';
  return text.startsWith(`${name}-`) ? text.slice(name.length + 1) : undefined;
}

/** Finds the control plane of a revision among objects of one namespace; undefined where it has no injector. */
export function findControlPlane(objects: readonly KubeObject[], revision: string): ControlPlaneObjects | undefined {
  const find = (kind: string, name: string): KubeObject | undefined =>
    objects.find((object) => object.kind === kind && object.metadata.name === nameInRevision(name, revision));
  const injector = find('ConfigMap', INJECTOR);
  if (!injector) return undefined;
  const mesh = find('ConfigMap', MESH);
  const istiod = find('Deployment', CONTROL_PLANE);
  return {
    revision,
    version: injector.metadata.labels?.[VERSION_LABEL],
    injector: dataOf(injector),
    ...(mesh ? { mesh: dataOf(mesh) } : {}),
    ...(istiod ? { env: istiodVariables(istiod) } : {}),
  };
}

function dataOf({ data }: KubeObject): Record<string, string> {
  return (data ?? {}) as Record<string, string>;
}

/** The variables of istiod's container that have plain values, from its Deployment. */
export function istiodVariables(deployment: KubeObject): Record<string, string> {
  const spec = child(child(child(deployment, 'spec'), 'template'), 'spec');
  const containers = Array.isArray(spec['containers']) ? spec['containers'] : [];
  const istiod = containers.filter(isJsonObject).find(({ name }) => name === 'discovery');
  const env = Array.isArray(istiod?.['env']) ? istiod['env'].filter(isJsonObject) : [];
  const plain = env.flatMap(({ name, value, valueFrom }): [string, string][] =>
    typeof name === 'string' && valueFrom === undefined ? [[name, typeof value === 'string' ? value : '']] : [],
  );
  return Object.fromEntries(plain);
}

function child(object: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}
