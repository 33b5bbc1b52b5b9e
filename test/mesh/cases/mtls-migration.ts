// The way to STRICT, with a caller that everybody forgot: nobody may be cut off before he is known.
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Kubectl } from '../../../testbed/kubectl.ts';
import { startLoad } from '../../../testbed/mesh/constant-load.ts';
import type { Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import { apply, createNamespace, deleteNamespaces, deploy, deployAll, send } from '../../../testbed/mesh/workloads.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { monitor, withStats } from '../support/monitoring.ts';
import { installSharedMesh } from '../support/shared-mesh.ts';

/** Where Prometheus has to look. */
export const MIGRATION_NAMESPACE = 'strict-way';
const FORGOTTEN = 'forgotten';
const URL = '-url=http://web.strict-way:8080/';
const RATE = '-rate=50';
/** Upstream's Envoy counts no `istio_requests_total`: connections to the application that are open without TLS. */
const INBOUND = `{job="${MIGRATION_NAMESPACE}",http_conn_manager_prefix=~"inbound_.*_8080"}`;
const OPEN = `sum(envoy_http_downstream_cx_active${INBOUND}) - sum(envoy_http_downstream_cx_ssl_active${INBOUND})`;
const CALLERS = `max_over_time((${OPEN})[15s:1s]) > 0`;

interface Status {
  phase?: string;
  message?: string;
  mode?: string;
  report?: { reason: string }[];
}

/** Migrations of namespace `strict-way`. */
export function mtlsMigrationCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let client: Pod;
  let cron: Pod;

  beforeAll(async () => {
    ({ kubectl } = here());
    await installSharedMesh(here());
    await createNamespace(kubectl, MIGRATION_NAMESPACE, { 'istio-injection': 'enabled' });
    await createNamespace(kubectl, FORGOTTEN);
    const annotations = withStats('http.inbound');
    const [[found]] = (await deployAll(
      kubectl,
      { namespace: MIGRATION_NAMESPACE, name: 'client' },
      { namespace: MIGRATION_NAMESPACE, name: 'web', annotations },
    )) as [[Pod]];
    client = found;
    [cron] = (await deploy(kubectl, { namespace: FORGOTTEN, name: 'cron' })) as [Pod];
    await monitor(kubectl, MIGRATION_NAMESPACE, 'web');
  });
  afterAll(() => deleteNamespaces(kubectl, MIGRATION_NAMESPACE, FORGOTTEN));

  const fetchStatus = async (): Promise<Status> => {
    const ref = ['-n', MIGRATION_NAMESPACE, 'get', 'mutualtlsmigration', 'to-strict', '-o', 'jsonpath={.status}'];
    return JSON.parse((await kubectl(ref)) || '{}') as Status;
  };
  const waitForStatus = (what: string, isThere: (status: Status) => boolean): Promise<Status> =>
    waitFor(
      `the migration to be ${what}`,
      async () => {
        const status = await fetchStatus();
        if (isThere(status)) return status;
        throw new Error(JSON.stringify(status));
      },
      PATIENTLY,
    );

  it('a caller in plain text whom nobody remembers keeps STRICT away, and is not cut off', async () => {
    const inside = startLoad(here(), client, URL, RATE);
    const outside = startLoad(here(), cron, URL, RATE);
    const began = performance.now();
    const passed = (): string => ((performance.now() - began) / 1000).toFixed(0);
    await apply(kubectl, {
      apiVersion: 'sailwright.dev/v1alpha1',
      kind: 'MutualTLSMigration',
      metadata: { namespace: MIGRATION_NAMESPACE, name: 'to-strict' },
      spec: { observe: '5s', soak: '5s', callers: { query: CALLERS } },
    });
    const held = await waitForStatus('held', ({ message = '' }) => message.includes('PlaintextCallers'));
    const heldAfter = passed();
    expect(held).toMatchObject({ phase: 'Waiting', mode: 'UNSET' });
    const forgotten = await outside.stop();
    expect(await kubectl(['-n', MIGRATION_NAMESPACE, 'get', 'peerauthentications', '-o', 'name'])).toBe('');

    const done = await waitForStatus('done', ({ phase }) => phase === 'Done');
    const meshed = await inside.stop();
    console.log(
      `STRICT kept away after ${heldAfter} s, there after ${passed()} s: ${forgotten.failed} of ${forgotten.requests} requests in plain text failed before it, ${meshed.failed} of ${meshed.requests} in the mesh`,
    );
    expect([forgotten.failed, meshed.failed]).toEqual([0, 0]);
    // What remains: the headless Service by which Prometheus finds proxies.
    const remaining = { reason: 'HeadlessServices', blocks: false, names: [`${MIGRATION_NAMESPACE}/monitored`] };
    expect(done).toMatchObject({ mode: 'STRICT', report: [remaining] });
    await waitFor('plain text to be refused', async () => {
      const { failed, requests } = await send(kubectl, cron, URL, '-count=5');
      return failed === requests;
    });
  });
}
