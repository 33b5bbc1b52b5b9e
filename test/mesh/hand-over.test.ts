// Meshes that others made become the operator's under load, and go back. Only where SAILWRIGHT_HAND_OVER is set: it takes
// minutes, on a cluster of its own for each.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { FORMER_FINALIZER } from '../../src/api/install/conditions.ts';
import { startMeshCluster } from '../../testbed/mesh/mesh.ts';
import { fetchPods } from '../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../testbed/mesh/real-cluster.ts';
import type { Tally } from '../../testbed/mesh/workloads.ts';
import { waitFor } from '../../testbed/wait.ts';
import { runSailwright, type Ended } from '../builders/run-sailwright.ts';
import { fetchCommandWrites, fetchOperatorWrites } from '../e2e/support/audit.ts';
import { callDuring, type CallTally } from './support/constant-calls.ts';
import {
  FORMER_OPERATOR,
  installByFormerOperator,
  installByHelm,
  installByIstioctl,
  type Installer,
} from './support/former-meshes.ts';
import { MISSING } from './support/missing.ts';
import { expectNoFailures, Shop } from './support/shop.ts';
import { weighNodes } from './support/weigh-nodes.ts';

const isAsked = process.env['SAILWRIGHT_HAND_OVER'] !== undefined;
const RESOURCE = ['-n', 'istio-system', 'get', 'istiooperators.install.istio.io'];

/** What of a mesh is its installer's alone. */
interface Former {
  install: Installer;
  /** Of the plan. */
  told: RegExp;
  /** What the installer knows its work by: as it is while the mesh is its, and ours. */
  traces: (environment: RealEnvironment) => Promise<string>;
  before: RegExp;
  after: RegExp;
}

const MESHES: readonly [name: string, former: Former][] = [
  [
    'istioctl',
    {
      install: installByIstioctl,
      told: /MutatingWebhookConfiguration istio-revision-tag-default/,
      traces: ({ kubectl }) => kubectl(['get', 'mutatingwebhookconfigurations', '-o', 'name']),
      before: /istio-revision-tag-default/,
      after: /^(?![^]*istio-revision-tag-default)/,
    },
  ],
  [
    'Helm',
    {
      install: installByHelm,
      told: /from releases of Helm: istio-system\/base/,
      traces: ({ kubectl }) => kubectl(['-n', 'istio-system', 'get', 'secrets', '-l', 'owner=helm', '-o', 'name']),
      before: /(.*release.*\n){3}/,
      after: /^$/,
    },
  ],
  [
    'the former operator',
    {
      install: installByFormerOperator,
      told: /IstioOperator istio-system\/installed of another operator/,
      traces: async ({ kubectl }) => {
        const replicas = await kubectl(['get', ...FORMER_OPERATOR, '-o', 'jsonpath={.spec.replicas}']);
        return `${replicas} ${await kubectl([...RESOURCE, 'installed', '-o', 'jsonpath={.metadata.finalizers}'])}`;
      },
      before: new RegExp(`^1 .*${FORMER_FINALIZER}`),
      after: /^0 \["sailwright.dev\/finalizer"\]$/,
    },
  ],
];

/** One line for each command. */
const TABLE: string[] = [
  '| mesh of | command | seconds | requests inside (failed) | by the gateway (failed) | calls of the API server (unexpected) | pods restarted | writes of the operator | of the command |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];
afterAll(() => {
  if (TABLE.length > 2) console.log(TABLE.join('\n'));
});

describe.skipIf(!isAsked || MISSING.length > 0).each(MESHES)('a mesh of %s on real nodes', (name, former) => {
  let environment: RealEnvironment;
  let shop: Shop;
  let folder: string;
  let pods: string[];

  const adopt = (...args: string[]): Promise<Ended> =>
    runSailwright(['adopt', ...args, '--timeout', '240', '--kubeconfig', environment.cluster.kubeconfig]);

  /** Of the control plane, the gateway and the applications. */
  const fetchNames = async (): Promise<string[]> => {
    const found = await Promise.all([
      fetchPods(environment.kubectl, 'istio-system', 'app'),
      fetchPods(environment.kubectl, 'shop', 'app'),
    ]);
    return found
      .flat()
      .map(({ metadata }) => metadata.name)
      .sort();
  };
  const isOfIstiod = (pod: string): boolean => pod.startsWith('istiod-');

  /** What clients of the mesh and of the API server see of a command. */
  async function during(...args: string[]): Promise<{ ended: Ended; tallies: Tally[]; calls: CallTally }> {
    const [before, since] = [await fetchNames(), new Date()];
    let ended: Ended = { code: -1, out: '', err: '' };
    let tallies: Tally[] = [];
    let seconds = 0;
    const calls = await callDuring(shop.admin, async () => {
      tallies = await shop.countDuring(args.join(' '), async () => {
        ended = await adopt(...args);
        seconds = (Date.now() - since.getTime()) / 1000;
      });
    });
    const names = await fetchNames();
    const restarted = before.filter((pod) => !names.includes(pod));
    const log = environment.cluster.auditLogPath ?? '';
    const writes = [await fetchOperatorWrites(log, since), await fetchCommandWrites(log, since)];
    const cells = [
      ...[name, `adopt ${args.join(' ')}`, seconds.toFixed(0)],
      ...tallies.map(({ requests, failed }) => `${requests} (${failed})`),
      `${calls.calls} (${Object.values(calls.unexpected).reduce((sum, count) => sum + count, 0)})`,
      `${restarted.filter(isOfIstiod).length} of istiod, ${restarted.filter((pod) => !isOfIstiod(pod)).length} others`,
      ...writes.map(({ length }) => String(length)),
    ];
    TABLE.push(`| ${cells.join(' | ')} |`);
    return { ended, tallies, calls };
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sailwright-hand-over-'));
    environment = await startMeshCluster();
    await weighNodes(environment);
    shop = await Shop.open(environment, () => former.install(environment, folder));
    // The installer is done before its autoscalers are: two of istiod, two gateways, two backends and a client.
    const names = await waitFor('all pods', async () => {
      const found = await fetchNames();
      return found.length === 7 && found;
    });
    pods = names.filter((pod) => !isOfIstiod(pod));
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
      expect.stringMatching(former.told),
    ]);
    expect(await former.traces(environment)).toMatch(former.before);
  });

  it('becomes ours: no request fails, no call of the API server stays without the right answer, no gateway restarts', async () => {
    const { ended, tallies, calls } = await during('--yes');
    expect([ended.code, ended.err]).toEqual([0, expect.stringContaining('wrote IstioOperator istio-system/')]);
    expectNoFailures(tallies);
    expect(calls.unexpected).toEqual({});
    expect((await fetchNames()).filter((pod) => !isOfIstiod(pod))).toEqual(pods);
    expect(await former.traces(environment)).toMatch(former.after);
  });

  it('goes back as smoothly', async () => {
    const { ended, tallies, calls } = await during(
      '--undo',
      ...(name === 'the former operator' ? ['--name', 'installed'] : []),
    );
    expect([ended.code, ended.err]).toEqual([0, expect.stringMatching(/gave back \d+ objects/)]);
    expectNoFailures(tallies);
    expect(calls.unexpected).toEqual({});
    expect((await fetchNames()).filter((pod) => !isOfIstiod(pod))).toEqual(pods);
    expect(await former.traces(environment)).toMatch(former.before);
  });
});
