// Parts of the mesh are broken under load: nobody who sends requests may notice, and the status tells.
import { beforeAll, expect, it } from 'vitest';

import { TRAFFIC_IMAGE } from '../../../testbed/images/traffic-images.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { applyMesh, installMesh, MESH } from '../../../testbed/mesh/mesh.ts';
import { expectNoFailures, type Shop } from '../support/shop.ts';
import { waitForTold } from '../support/told.ts';
import { PATIENT_KUBECTL } from '../../../testbed/wait.ts';

/** Faults of gateways and of the operator. */
export function faultCases(shop: () => Shop): void {
  let kubectl: Kubectl;

  beforeAll(() => {
    ({ kubectl } = shop());
  });

  it('gateways that do not start are told with pod, container and reason, and take nothing from those that run', async () => {
    const broken = (image: string): Record<string, unknown> => ({
      ...MESH,
      components: {
        ...MESH.components,
        ingressGateways: [
          { name: 'istio-ingressgateway', enabled: false },
          { name: 'other-door', enabled: true },
        ],
      },
      values: { global: { proxy: { image } } },
    });
    const told = async (why: string): Promise<void> => {
      const other = String.raw`pod other-door-\w+-\w+, container istio-proxy: ${why}.*; what is rendered no more stays`;
      const ready = await waitForTold(kubectl, 'IngressGateways', new RegExp(other));
      expect(ready).toMatch(/\|.*"reason":"WorkloadNotReady","status":"False"/);
      // Its new pod is beside a former one, which is ready.
      const egress = String.raw`pod istio-egressgateway-\w+-\w+, container istio-proxy: ${why}`;
      await waitForTold(kubectl, 'EgressGateways', new RegExp(egress));
    };
    const act = async (): Promise<void> => {
      await applyMesh(kubectl, broken('proxyv2-missing'));
      await told(String.raw`ImagePullBackOff \([^;]*proxyv2-missing.*\); check hub, tag and image`);
      await applyMesh(kubectl, broken(TRAFFIC_IMAGE));
      await told(String.raw`(Crashed|CrashLoopBackOff) \(last exit code [1-9].*\); "kubectl -n istio-system logs `);
      await installMesh(kubectl);
    };
    expectNoFailures(await shop().countDuring('gateways broken and mended', act));
    const left = await kubectl([
      '-n',
      'istio-system',
      'get',
      'deployments',
      '-o',
      'jsonpath={.items[*].metadata.name}',
    ]);
    expect(left).toBe('istio-egressgateway istio-ingressgateway istiod');
  });

  it('both replicas of the operator are killed at once', async () => {
    const killed = async (): Promise<void> => {
      const all = ['-n', 'sailwright-system', 'delete', 'pod', '--all', '--grace-period=0', '--force'];
      await kubectl(all);
      await kubectl(['-n', 'sailwright-system', 'rollout', 'status', 'deployment/sailwright', PATIENT_KUBECTL]);
    };
    expectNoFailures(await shop().countDuring('the operator killed', killed));
  });
}
