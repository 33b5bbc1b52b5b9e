import { isJsonObject, type JsonObject, type KubeObject } from '../core/kube-object.ts';
import { findControlPlanes, readersOf } from '../core/inject/find-readers.ts';
import type { ResourceReader } from '../core/istio/readers.ts';
import { isIstioOperator } from '../core/judge/is-istio-operator.ts';
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
  const planned = objects
    .filter((object) => isNamed(object) && isIstioOperator(object))
    .flatMap((operator) => findPlannedControlPlane(operator) ?? [])
    .filter(({ revision }) => !known.has(revision));
  return readersOf([...installed, ...planned], () => ofKind('Namespace'));
}

function isNamed({ metadata, kind, apiVersion }: JsonObject): boolean {
  const { name, labels = {} } = isJsonObject(metadata) ? metadata : {};
  return [name, kind, apiVersion].every((text) => typeof text === 'string') && isJsonObject(labels ?? {});
}
