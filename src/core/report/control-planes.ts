import { CONTROL_PLANE, INJECTOR, MESH, revisionIn, VERSION_LABEL } from '../inject/control-plane-objects.ts';
import { findVersion } from '../istio/registry.ts';
import { parseRelease } from '../istio/release.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { ControlPlaneRow } from './mesh-report.ts';

/** The control planes that ConfigMaps and Deployments of istiod belong to, whoever installed them. */
export function describeControlPlanes(objects: readonly KubeObject[]): ControlPlaneRow[] {
  const planes = new Map<string, ControlPlaneRow>();
  const planeOf = (namespace: string, revision: string): ControlPlaneRow => {
    const key = `${namespace}/${revision}`;
    const plane = planes.get(key) ?? { namespace, revision, release: '' };
    planes.set(key, plane);
    return plane;
  };
  for (const object of objects) {
    const found = placeOf(object);
    if (found) describePart(object, planeOf(found.namespace, found.revision));
  }
  return [...planes.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ namespace, revision }: ControlPlaneRow): string {
  return `${namespace}/${revision}`;
}

/** Which control plane an object is a part of, by its name. */
function placeOf({ kind, metadata }: KubeObject): { namespace: string; revision: string } | undefined {
  const { name, namespace = '' } = metadata;
  const revision =
    kind === 'ConfigMap'
      ? (revisionIn(name, INJECTOR) ?? revisionOfMesh(metadata))
      : kind === 'Deployment' && metadata.labels?.app === CONTROL_PLANE
        ? revisionIn(name, CONTROL_PLANE)
        : undefined;
  return revision === undefined ? undefined : { namespace, revision };
}

/** Of the many ConfigMaps whose names begin so, that of the mesh has a mesh in it. */
function revisionOfMesh({ name, labels }: KubeObject['metadata']): string | undefined {
  return labels?.[VERSION_LABEL] === undefined ? undefined : revisionIn(name, MESH);
}

function describePart({ kind, metadata, spec, status }: KubeObject, plane: ControlPlaneRow): void {
  const release = metadata.labels?.[VERSION_LABEL];
  const isInjector = metadata.name.startsWith(INJECTOR);
  if (release !== undefined && (plane.release === '' || isInjector)) plane.release = release;
  const support = findVersion(parseRelease(plane.release)?.minor ?? '')?.support;
  if (support) plane.supportEnds = support.ends;
  if (kind === 'Deployment') {
    plane.replicas = { ready: countIn(status, 'readyReplicas', 0), wanted: countIn(spec, 'replicas', 1) };
  }
}

function countIn(part: unknown, field: string, otherwise: number): number {
  const count = isJsonObject(part) ? part[field] : undefined;
  return typeof count === 'number' ? count : otherwise;
}
