import type { JsonObject, KubeObject } from '../../src/core/kube-object.ts';
import type { ControlPlaneObjects } from '../../src/core/inject/control-plane-objects.ts';
import { render } from '../../src/core/render/render.ts';
import { withOwnerLabels } from '../../src/core/plan/owner-labels.ts';

const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };
export const OWNER = { name: 'istio', namespace: 'istio-system' };

/** What the operator applies for these values, with its owner's labels. */
export function renderControlPlane(values: JsonObject = {}): KubeObject[] {
  const document = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: OWNER as unknown as JsonObject,
    spec: { values },
  };
  const result = render({ documents: [document] }, { form: 'sailwright', defaults: DEFAULTS });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const { components, revision } = result.value;
  return components.flatMap(({ component, objects }) =>
    objects.map((object) => withOwnerLabels(object, { owner: OWNER, component, revision })),
  );
}

/** What injection reads of {@link renderControlPlane}. */
export function controlPlaneObjects(values: JsonObject = {}): ControlPlaneObjects {
  const configMaps = renderControlPlane(values).filter(({ kind }) => kind === 'ConfigMap');
  const dataOf = (name: string): Record<string, string> =>
    (configMaps.find(({ metadata }) => metadata.name === name)?.['data'] ?? {}) as Record<string, string>;
  return { revision: '', version: '1.31.4', injector: dataOf('istio-sidecar-injector'), mesh: dataOf('istio') };
}

export function namespaceObject(
  name: string,
  labels: Record<string, string> = {},
  annotations: Record<string, string> = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels }, annotations },
  };
}

export function nodeObject(name: string, kubeletVersion: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { nodeInfo: { kubeletVersion } } };
}

export function podObject(namespace: string, name: string, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, namespace },
    spec: { containers: [{ name: 'app', image: 'app' }] },
    status: { phase: 'Running' },
  };
}
