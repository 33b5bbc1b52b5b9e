// One mesh through its life: installed, disturbed, changed, broken by a mistake, removed.
import { K8s, kind } from 'kubernetes-fluent-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isConditionTrue } from '../../testbed/istio-operator-condition.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { displayEntry, fetchOperatorWrites } from './support/audit.ts';
import { Environment } from './support/environment.ts';
import { fetchMetricSum } from './support/metrics.ts';
import { OWNER_SELECTOR, PASSES_METRIC } from './support/names.ts';
import { displayNames, fetchLabelled } from './support/objects.ts';
import {
  applySample,
  applySpec,
  deleteResource,
  fetchResource,
  MESH_NAMESPACE,
  waitForCondition,
} from './support/resource.ts';

let environment: Environment;
let operator: OperatorProcess;

const kubectl = (args: string[], input?: string): Promise<string> => environment.kubectl(args, input);
const inMesh = (...args: string[]): string[] => ['-n', MESH_NAMESPACE, ...args];
const deployments = (): ReturnType<typeof fetchDeployments> => fetchDeployments();

async function fetchDeployments(): Promise<Map<string, kind.Deployment>> {
  const { items } = await K8s(kind.Deployment).InNamespace(MESH_NAMESPACE).Get();
  return new Map(items.map((item) => [item.metadata?.name ?? '', item]));
}

/** Waits for the repair and prints how long it took from the moment the disturbance was accepted. */
async function measureRepair(what: string, isRepaired: () => Promise<boolean>): Promise<void> {
  const began = performance.now();
  await waitFor(`${what} to be repaired`, isRepaired, { timeoutMs: 30_000, intervalMs: 20 });
  console.log(`${what}: repaired after ${Math.round(performance.now() - began)} ms`);
}

/** What is seen only after Ready: pods with a proxy are counted, and webhooks tried. */
async function waitForLateObservations(): Promise<void> {
  await waitForCondition('InjectionEnforced');
  await waitForCondition('ValidationEnforced');
  await waitFor('pods to be counted', async () => (await fetchResource())?.status?.proxies?.length);
}

/** Waits until the operator has finished a pass more and has no more work. */
async function waitForQuietPass(): Promise<void> {
  const before = await fetchMetricSum(operator, PASSES_METRIC);
  await kubectl(inMesh('annotate', 'iop', 'istio', '--overwrite', `e2e.sailwright.dev/pass=${Date.now()}`));
  await waitFor('one more pass', async () => (await fetchMetricSum(operator, PASSES_METRIC)) > before);
}

beforeAll(async () => {
  environment = await Environment.start();
  operator = await environment.startOperator('operator');
});
afterAll(() => environment.stop());

describe('the default profile', () => {
  it('becomes Ready, with istiod and the ingress gateway running', async () => {
    const began = performance.now();
    await applySample('default');
    await waitForCondition('Ready');
    console.log(`default profile: Ready ${Math.round(performance.now() - began)} ms after it was applied`);
    const found = await deployments();
    expect([...found.keys()].sort()).toEqual(['istio-ingressgateway', 'istiod']);
    for (const [name, deployment] of found) expect(deployment.status?.readyReplicas, name).toBeGreaterThan(0);
  });

  it('says so in upstream terms too', async () => {
    const resource = await fetchResource();
    expect(resource?.status?.status).toBe('HEALTHY');
    expect(Object.values(resource?.status?.componentStatus ?? {}).map((component) => component?.status)).not.toContain(
      'ERROR',
    );
    expect(resource?.status?.observedGeneration).toBe(resource?.metadata?.generation);
  });

  it('answers its probes and tells Kubernetes Events', async () => {
    expect(await operator.fetchHealth('/healthz')).toBe(200);
    expect(await operator.fetchHealth('/readyz')).toBe(200);
    const events = await kubectl(
      inMesh('get', 'events', '--field-selector', 'involvedObject.name=istio', '-o', 'name'),
    );
    expect(events.trim()).not.toBe('');
  });
});

describe('a pass over an unchanged mesh', () => {
  it('writes nothing', async (context) => {
    const auditLog = environment.cluster.embedded?.auditLogPath;
    if (auditLog === undefined) return context.skip('counts from the audit log of the embedded cluster');
    // The count sees the operator: the installation is in it.
    expect((await fetchOperatorWrites(auditLog, new Date(0))).length).toBeGreaterThan(10);
    await waitForLateObservations();
    await waitForQuietPass();
    const since = new Date();
    const before = (await fetchResource())?.status;
    await waitForQuietPass();
    // The API server writes an audit entry before it answers, so nothing is still on its way.
    const writes = (await fetchOperatorWrites(auditLog, since)).map(displayEntry);
    // The status beside them tells of a write to it what it changed.
    expect({ writes, status: (await fetchResource())?.status }).toEqual({ writes: [], status: before });
  });
});

describe('drift', () => {
  it('brings back a deleted Deployment', async () => {
    const before = (await deployments()).get('istiod')?.metadata?.uid;
    await kubectl(inMesh('delete', 'deployment', 'istiod', '--wait=true'));
    await measureRepair('deleted Deployment', async () => {
      const uid = (await deployments()).get('istiod')?.metadata?.uid;
      return uid !== undefined && uid !== before;
    });
    await waitForCondition('Ready');
  });

  it('puts back an edited Service', async () => {
    await kubectl(inMesh('patch', 'service', 'istiod', '--type=merge', '-p', '{"spec":{"selector":{"app":"else"}}}'));
    await measureRepair('edited Service', async () => {
      const service = await K8s(kind.Service).InNamespace(MESH_NAMESPACE).Get('istiod');
      return service.spec?.selector?.['app'] === 'istiod';
    });
  });

  it('puts back an edited ConfigMap', async () => {
    const fetchMesh = async (): Promise<string | undefined> =>
      (await K8s(kind.ConfigMap).InNamespace(MESH_NAMESPACE).Get('istio')).data?.['mesh'];
    const before = await fetchMesh();
    await kubectl(inMesh('patch', 'configmap', 'istio', '--type=merge', '-p', '{"data":{"mesh":"trustDomain: else"}}'));
    await measureRepair('edited ConfigMap', async () => (await fetchMesh()) === before);
  });
});

describe('a change of the resource', () => {
  it('reaches the HPA: components.pilot.k8s.hpaSpec.minReplicas', async () => {
    await applySpec({
      profile: 'default',
      components: { pilot: { k8s: { hpaSpec: { minReplicas: 2, maxReplicas: 5 } } } },
    });
    const hpa = await waitFor('minReplicas 2', async () => {
      const found = await K8s(kind.HorizontalPodAutoscaler).InNamespace(MESH_NAMESPACE).Get('istiod');
      return found.spec?.minReplicas === 2 && found;
    });
    expect(hpa.spec?.maxReplicas).toBe(5);
    await waitForCondition('Ready');
  });

  it('does not fight the HPA over replicas', async () => {
    await waitFor('the HPA to scale istiod', async () => (await deployments()).get('istiod')?.spec?.replicas === 2);
    await waitForQuietPass();
    expect((await deployments()).get('istiod')?.spec?.replicas).toBe(2);
  });
});

describe('a mistake in the resource', () => {
  it('is told with every path, and the mesh keeps running as it was', async () => {
    const before = await deployments();
    await applySpec({
      profile: 'default',
      hub: 'not a hub',
      // @ts-expect-error the types know it, too
      values: { pilot: { autoscaleMni: 3 } },
      components: { ingressGateways: [{ name: 'Not_A_Name', enabled: true }] },
    });
    const stalled = await waitForCondition('Stalled', 30_000);
    for (const path of ['spec.hub', 'spec.values.pilot.autoscaleMni', 'spec.components.ingressGateways']) {
      expect(stalled.message).toContain(path);
    }
    const after = await deployments();
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [name, deployment] of after) {
      expect(deployment.metadata?.uid, name).toBe(before.get(name)?.metadata?.uid);
      expect(deployment.metadata?.generation, name).toBe(before.get(name)?.metadata?.generation);
      expect(deployment.status?.readyReplicas, name).toBeGreaterThan(0);
    }
    const events = await kubectl(
      inMesh('get', 'events', '--field-selector', 'involvedObject.name=istio,type=Warning', '-o', 'name'),
    );
    expect(events.trim()).not.toBe('');
  });

  it('is over when it is corrected', async () => {
    await applySpec({ profile: 'default' });
    await waitForCondition('Ready');
    expect(isConditionTrue(await fetchResource(), 'Stalled')).toBe(false);
  });
});

describe('the demo profile', () => {
  it('becomes Ready with both gateways', async () => {
    await applySpec({ profile: 'demo' });
    await waitForCondition('Ready');
    expect([...(await deployments()).keys()].sort()).toEqual(['istio-egressgateway', 'istio-ingressgateway', 'istiod']);
  });

  it('loses exactly the egress gateway when that is disabled', async () => {
    const isEgress = (name: string): boolean => /[ /]istio-egressgateway/.test(name);
    const before = displayNames(await fetchLabelled(environment.kubectl, OWNER_SELECTOR));
    expect(before.filter(isEgress).length).toBeGreaterThan(3);
    await applySpec({
      profile: 'demo',
      components: { egressGateways: [{ name: 'istio-egressgateway', enabled: false }] },
    });
    await waitForCondition('Ready');
    await waitFor('the egress gateway to be gone', async () => {
      const after = displayNames(await fetchLabelled(environment.kubectl, OWNER_SELECTOR));
      return !after.some(isEgress) && after;
    }).then((after) => expect(after).toEqual(before.filter((name) => !isEgress(name))));
  });
});

describe('deletion', () => {
  it('ends, and leaves nothing of ours but CRDs and namespaces', async () => {
    const began = performance.now();
    await deleteResource(environment.kubectl);
    console.log(`deletion: resource gone after ${Math.round(performance.now() - began)} ms`);
    await waitFor('everything labelled to be gone', async () => {
      const left = await fetchLabelled(environment.kubectl, OWNER_SELECTOR);
      return left.every((object) => object.kind === 'CustomResourceDefinition' || object.kind === 'Namespace');
    });
    expect((await deployments()).size).toBe(0);
    expect(operator.exit).toBeUndefined();
  });
});
