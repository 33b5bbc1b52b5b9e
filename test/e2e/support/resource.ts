// The IstioOperator under test, seen and changed from outside through the API server.
import { K8s } from 'kubernetes-fluent-client';
import { join } from 'node:path';
import { conditionOf, IstioOperator, isConditionTrue, type Condition } from '../../../testbed/istio-operator-kind.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitFor } from '../../../testbed/wait.ts';

export const MESH_NAMESPACE = 'istio-system';
export const MESH_NAME = 'istio';
const SAMPLES = join(import.meta.dirname, '../../../config/samples');
/** Long enough for two busy cores, short enough to name what hangs. */
const INSTALL_TIMEOUT_MS = 120_000;

/** Applies one of config/samples, `default` for istiooperator-default.yaml. */
export async function applySample(kubectl: Kubectl, name: string): Promise<void> {
  await kubectl(['apply', '-f', join(SAMPLES, `istiooperator-${name}.yaml`)]);
}

/** Creates the mesh's namespace unless it is there. */
export async function ensureMeshNamespace(kubectl: Kubectl): Promise<void> {
  const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESH_NAMESPACE } };
  await kubectl(['apply', '-f', '-'], JSON.stringify(manifest));
}

/** Replaces the resource's whole spec: what the last one set and this one does not is gone. */
export async function applySpec(kubectl: Kubectl, spec: unknown): Promise<void> {
  const resource = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: MESH_NAME, namespace: MESH_NAMESPACE },
    spec,
  };
  await kubectl(['apply', '-f', '-'], JSON.stringify(resource));
}

/** The resource, or undefined when it is gone. */
export async function fetchResource(): Promise<IstioOperator | undefined> {
  try {
    return await K8s(IstioOperator).InNamespace(MESH_NAMESPACE).Get(MESH_NAME);
  } catch (error) {
    if ((error as { status?: number }).status === 404) return undefined;
    throw error;
  }
}

/** Waits until the condition is true for the generation that the resource has now. */
export async function waitForCondition(type: string, timeoutMs: number = INSTALL_TIMEOUT_MS): Promise<Condition> {
  let latest: IstioOperator | undefined;
  try {
    return await waitFor(
      `condition ${type}`,
      async () => {
        latest = await fetchResource();
        return isConditionTrue(latest, type) ? conditionOf(latest, type) : undefined;
      },
      { timeoutMs },
    );
  } catch (error) {
    throw new Error(`${String(error)}; last status: ${JSON.stringify(latest?.status, null, 2)}`, { cause: error });
  }
}

/** Deletes the resource and waits until its finalizer let it go. */
export async function deleteResource(kubectl: Kubectl): Promise<void> {
  const ref = ['iop', MESH_NAME, '-n', MESH_NAMESPACE];
  await kubectl(['delete', ...ref, '--ignore-not-found', '--timeout=90s']);
}
