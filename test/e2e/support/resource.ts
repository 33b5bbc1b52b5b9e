// The IstioOperator under test, seen and changed from outside through the API server.
import { K8s } from 'kubernetes-fluent-client';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { IstioOperator, type IstioOperatorSpec } from '../../../src/fluent/index.ts';
import { conditionOf, isConditionTrue, type Condition } from '../../../testbed/istio-operator-condition.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitFor } from '../../../testbed/wait.ts';

export const MESH_NAMESPACE = 'istio-system';
export const MESH_NAME = 'istio';
const SAMPLES = join(import.meta.dirname, '../../../config/samples');
/** Long enough for two busy cores, short enough to name what hangs. */
const INSTALL_TIMEOUT_MS = 120_000;

/** Applies one of config/samples, `default` for istiooperator-default.yaml. */
export async function applySample(name: string): Promise<void> {
  const text = await readFile(join(SAMPLES, `istiooperator-${name}.yaml`), 'utf8');
  await applyResource(parse(text) as IstioOperator);
}

/** Creates the mesh's namespace unless it is there. */
export async function ensureMeshNamespace(kubectl: Kubectl): Promise<void> {
  const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESH_NAMESPACE } };
  await kubectl(['apply', '-f', '-'], JSON.stringify(manifest));
}

/** Replaces the resource's whole spec: what the last one set and this one does not is gone. */
export async function applySpec(spec: IstioOperatorSpec): Promise<void> {
  await applyResource({ metadata: { name: MESH_NAME, namespace: MESH_NAMESPACE }, spec });
}

/** Applies an IstioOperator as a person with all rights. Throws what the API server says against it. */
export async function applyResource(resource: IstioOperator): Promise<void> {
  try {
    await K8s(IstioOperator).Apply(resource, { force: true });
  } catch (error) {
    const { data, status } = error as { data?: { message?: string }; status?: number };
    throw new Error(`the API server answers ${status}: ${data?.message ?? String(error)}`, { cause: error });
  }
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
