// The operator's manifests and meshes in Git, held by Flux and Argo CD, while the cluster lives: no difference, no conflict,
// and nothing of what is in Git is written by the operator. npm run chaos -- gitops goes on for longer.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { GITOPS_EVENTS, GitOpsLife, type GitOpsEvent } from './support/gitops-life.ts';
import { describeObservation, type Observation } from './support/gitops-watch.ts';

describe.skipIf(Boolean(process.env['KUBECONFIG']))('what Flux and Argo CD hold', () => {
  let life: GitOpsLife;
  const seen: Observation[] = [];

  beforeAll(async () => {
    life = await GitOpsLife.start();
  });
  afterAll(async () => {
    console.log(seen.map(describeObservation).join('\n'));
    await life.stop();
  });

  it.each(GITOPS_EVENTS)('is as Git has it while %s', async (event) => {
    const observation = await life.observe(event, 5);
    seen.push(observation);
    expect(observation.looks).toBeGreaterThan(0);
    expect(observation.differences).toEqual([]);
    expect(observation.writesToGit).toEqual([]);
    if (event === 'nothing happens') expect(observation.writes).toEqual([]);
    expect(observation.unhealthy.filter((state) => !isExpected(event, state))).toEqual([]);
  });

  it('is told by metrics as by conditions', async () => {
    const metrics = await life.fetchMetrics();
    for (const name of ['istio', 'istio-canary']) {
      const labels = `namespace="istio-system",name="${name}",type="Ready",status="True"`;
      expect(metrics).toContain(`sailwright_istiooperator_condition{${labels}} 1`);
    }
  });

  it('has of the operator’s the finalizer and the status, and nothing else', async () => {
    const list = JSON.parse(await life.kubectl(['get', 'iop', '-A', '-o', 'json', '--show-managed-fields'])) as {
      items: KubeObject[];
    };
    const ours = list.items
      .flatMap(({ metadata }) => metadata['managedFields'] as ManagedFields[])
      .filter(({ manager }) => manager.startsWith('sailwright'));
    expect(ours.length).toBeGreaterThan(0);
    for (const { subresource, fieldsV1 } of ours) {
      if (subresource === 'status') expect(Object.keys(fieldsV1)).toEqual(['f:status']);
      else {
        expect(Object.keys(fieldsV1)).toEqual(['f:metadata']);
        expect(Object.keys(fieldsV1['f:metadata'] ?? {})).toEqual(['f:finalizers']);
      }
    }
  });
});

/** Pods that were taken away are on the way: that is told, as of any Deployment. Nothing else is. */
function isExpected(event: GitOpsEvent, state: string): boolean {
  // Times of managed fields have seconds: where all pods are ready within one, as here, nobody sees that it was a scaling.
  if (event === 'an autoscaler scales istiod') return /^istio: RECONCILING .* waiting for its controller/.test(state);
  return event === 'drift is repaired' && /^istio: (UPDATING|RECONCILING) Unknown True False /.test(state);
}

interface ManagedFields {
  manager: string;
  subresource?: string;
  fieldsV1: Record<string, object>;
}
