// A mesh that Istio's own tool made becomes the operator's under load, and goes back. Only where SAILWRIGHT_HAND_OVER is
// set: a pod or two may still be refused in the moment in which the former istiod restarts.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ensureIstioctl } from '../../testbed/istio-programs.ts';
import { HAND_OVER_TAG, ISTIO_IMAGES, renderMesh, startMeshCluster } from '../../testbed/mesh/mesh.ts';
import { fetchPods } from '../../testbed/mesh/pods.ts';
import { tellStderr, type RealEnvironment } from '../../testbed/mesh/real-cluster.ts';
import { runSailwright, type Ended } from '../builders/run-sailwright.ts';
import { callDuring, type CallTally } from './support/constant-calls.ts';
import { waitFor } from '../../testbed/wait.ts';
import { MISSING } from './support/missing.ts';
import { expectNoFailures, Shop } from './support/shop.ts';
import type { Tally } from '../../testbed/mesh/workloads.ts';

const run = promisify(execFile);
const SPEC = {
  hub: ISTIO_IMAGES.hub,
  tag: HAND_OVER_TAG,
  components: {
    pilot: { k8s: { hpaSpec: { minReplicas: 2 } } },
    ingressGateways: [{ name: 'istio-ingressgateway', enabled: true, k8s: { hpaSpec: { minReplicas: 2 } } }],
  },
};
/**
 * What is not right may pass while nobody is proven to judge it; what is right must not be refused. Istio's istiod closes
 * connections under the API server when it restarts, as it does without us: a call that it was asked then is lost.
 */
const LENIENCE =
  /^VirtualService asked-bad was admitted$|istiod\.istio-system\.svc:443\/validate.*(EOF|broken pipe|connection reset by peer|connection refused)$/;
const MOST_LOST = 3;

const isAsked = process.env['SAILWRIGHT_HAND_OVER'] !== undefined;

describe.skipIf(!isAsked || MISSING.length > 0)('a mesh of istioctl on real nodes', () => {
  let environment: RealEnvironment;
  let shop: Shop;
  let folder: string;
  let pods: string[];

  const install = async (): Promise<void> => {
    const istioctl = await ensureIstioctl(HAND_OVER_TAG, tellStderr);
    const file = join(folder, 'mesh.json');
    await writeFile(file, JSON.stringify(renderMesh(SPEC)));
    await run(istioctl, ['install', '-y', '-f', file, '--kubeconfig', environment.cluster.kubeconfig]);
  };
  const adopt = (...args: string[]): Promise<Ended> =>
    runSailwright(['adopt', ...args, '--timeout', '240', '--kubeconfig', environment.cluster.kubeconfig]);

  /** Pods that must not restart. */
  const fetchNames = async (): Promise<string[]> => {
    const found = await Promise.all([
      fetchPods(environment.kubectl, 'istio-system', 'app=istio-ingressgateway'),
      fetchPods(environment.kubectl, 'shop', 'app'),
    ]);
    return found
      .flat()
      .map(({ metadata }) => metadata.name)
      .sort();
  };

  /** What clients of the mesh and of the API server see of a command. */
  async function during(
    what: string,
    ...args: string[]
  ): Promise<{ ended: Ended; tallies: Tally[]; calls: CallTally }> {
    let ended: Ended = { code: -1, out: '', err: '' };
    let tallies: Tally[] = [];
    const calls = await callDuring(shop.admin, async () => {
      tallies = await shop.countDuring(what, async () => void (ended = await adopt(...args)));
    });
    console.log(`${what}: ${calls.calls} calls of the API server, unexpected: ${JSON.stringify(calls.unexpected)}`);
    return { ended, tallies, calls };
  }

  const faultsOf = ({ unexpected }: CallTally): string[] =>
    Object.entries(unexpected).flatMap(([fault, count]) =>
      LENIENCE.test(fault) && count <= MOST_LOST ? [] : [`${count} times ${fault}`],
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sailwright-hand-over-'));
    environment = await startMeshCluster();
    shop = await Shop.open(environment, install);
    // The installer is done before its autoscalers are: two gateways, two backends and a client.
    pods = await waitFor('all pods', async () => {
      const names = await fetchNames();
      return names.length === 5 && names;
    });
  });
  afterAll(async () => {
    await shop?.close();
    await environment?.cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is planned: istiod alone restarts', async () => {
    const { code, out, err } = await adopt();
    expect([code, err, out]).toEqual([
      0,
      expect.stringContaining('pods restart: Deployment istio-system/istiod\n'),
      expect.stringContaining('MutatingWebhookConfiguration istio-revision-tag-default'),
    ]);
  });

  it('becomes ours: no request fails, no pod is refused or without a proxy, no gateway restarts', async () => {
    const { ended, tallies, calls } = await during('handed over', '--yes');
    expect([ended.code, ended.err]).toEqual([0, expect.stringContaining('wrote IstioOperator istio-system/istio')]);
    expectNoFailures(tallies);
    expect(faultsOf(calls)).toEqual([]);
    expect(await fetchNames()).toEqual(pods);
    const left = await environment.kubectl(['get', 'mutatingwebhookconfigurations', '-o', 'name']);
    expect(left).not.toContain('istio-revision-tag-default');
  });

  it('goes back as smoothly', async () => {
    const { ended, tallies, calls } = await during('given back', '--undo');
    expect([ended.code, ended.err]).toEqual([0, expect.stringMatching(/gave back \d+ objects/)]);
    expectNoFailures(tallies);
    expect(faultsOf(calls)).toEqual([]);
    expect(await fetchNames()).toEqual(pods);
    const left = await environment.kubectl(['get', 'mutatingwebhookconfigurations', '-o', 'name']);
    expect(left).toContain('istio-revision-tag-default');
  });
});
