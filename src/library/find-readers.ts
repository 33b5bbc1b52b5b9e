import { ISTIO_OPERATOR } from '../api/install/istio-operator.ts';
import { groupOf, isJsonObject, type JsonObject, type KubeObject } from '../core/kube-object.ts';
import { findControlPlanes, readersOf } from '../core/inject/find-readers.ts';
import type { ResourceReader } from '../core/istio/readers.ts';
import { findPlannedControlPlane } from '../core/render/planned-control-plane.ts';

/**
 * The control planes of a cluster, by all of its objects: those that are installed, and those that IstioOperators ask
 * for and nobody has installed yet.
 */
export function findReaders(objects: readonly JsonObject[], istioNamespace: string): ResourceReader[] {
  const named = objects.filter(isNamed) as unknown as KubeObject[];
  const ofKind = (wanted: string): KubeObject[] => named.filter(({ kind }) => kind === wanted);
  const configMaps = ofKind('ConfigMap').filter(({ metadata }) => metadata.namespace === istioNamespace);
  const installed = findControlPlanes(configMaps);
  const known = new Set(installed.map(({ revision }) => revision));
  const planned = ofKind(ISTIO_OPERATOR.kind)
    .filter(({ apiVersion }) => groupOf(apiVersion) === ISTIO_OPERATOR.group)
    .flatMap((operator) => findPlannedControlPlane(operator as unknown as JsonObject) ?? [])
    .filter(({ revision }) => !known.has(revision));
  return readersOf([...installed, ...planned], () => ofKind('Namespace'));
}

function isNamed({ metadata, kind, apiVersion }: JsonObject): boolean {
  const { name, labels = {} } = isJsonObject(metadata) ? metadata : {};
  return [name, kind, apiVersion].every((text) => typeof text === 'string') && isJsonObject(labels ?? {});
}
