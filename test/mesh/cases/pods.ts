// Injected pods as a kubelet runs them: each form starts, is probed and scraped, holds its application, and ends.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { TRAFFIC_IMAGE } from '../../../testbed/images/traffic-images.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { PATIENT_KUBECTL, PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { installMesh, MESH } from '../../../testbed/mesh/mesh.ts';
import { isReady, waitForPods, type Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import {
  apply,
  createNamespace,
  deleteNamespaces,
  deploy,
  run,
  send,
  type Tally,
} from '../../../testbed/mesh/workloads.ts';
import { installSharedMesh } from '../support/shared-mesh.ts';

const NAMESPACE = 'forms';
const OUTSIDE = 'forms-outside';
const PORT = 8080;
const IDENTITY = (name: string): string => `spiffe://cluster.local/ns/${NAMESPACE}/sa/${name}`;

/** The proxy as a container that starts before the application and ends after it, or as one beside it. */
const FORMS = ['native', 'beside'] as const;
type Form = (typeof FORMS)[number];
const asking = (form: Form): Record<string, string> => ({
  'sidecar.istio.io/nativeSidecar': String(form === 'native'),
});

const HOLDING = { 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' };

/** Containers of a pod in a form, when `setup` is what prepares or checks its network. */
const CONTAINERS: Record<Form, (setup: string) => object> = {
  native: (setup) => ({ before: [setup, 'istio-proxy, which goes on'], beside: ['app'] }),
  beside: (setup) => ({ before: [setup], beside: ['app', 'istio-proxy'] }),
};

function containersOf({ spec }: Pod): object {
  const describeOne = (container: { name: string; restartPolicy?: string }): string =>
    container.restartPolicy === 'Always' ? `${container.name}, which goes on` : container.name;
  return {
    before: spec.initContainers?.map(describeOne),
    beside: spec.containers.map(({ name }) => name).sort(),
  };
}

/** Pods of namespace `forms`. */
export function podCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let outsider: Pod;
  let pods: Record<Form, Pod>;

  beforeAll(async () => {
    ({ kubectl } = here());
    await installSharedMesh(here());
    await createNamespace(kubectl, NAMESPACE, { 'istio-injection': 'enabled' });
    await createNamespace(kubectl, OUTSIDE);
    await apply(kubectl, {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { namespace: NAMESPACE, name: 'default' },
      spec: { mtls: { mode: 'STRICT' } },
    });
    const [others, formed] = await Promise.all([
      deploy(kubectl, { namespace: OUTSIDE, name: 'outsider' }),
      deployForms(''),
    ]);
    outsider = others[0]!;
    pods = formed;
  });
  afterAll(async () => {
    await deleteNamespaces(kubectl, NAMESPACE, OUTSIDE);
    await installMesh(kubectl);
  });

  /** A service in each form, by the form's name and a suffix. */
  async function deployForms(suffix: string): Promise<Record<Form, Pod>> {
    const annotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(PORT) };
    const [native, beside] = await Promise.all(
      FORMS.map((form) =>
        deploy(kubectl, {
          namespace: NAMESPACE,
          name: `${form}${suffix}`,
          annotations: { ...asking(form), ...annotations },
        }),
      ),
    );
    return { native: native![0]!, beside: beside![0]! };
  }

  /** Each form reaches the other by mTLS, and nobody else reaches either. */
  async function expectTraffic({ form, suffix }: { form: Form; suffix: string }, formed: Record<Form, Pod>) {
    const other: Form = form === 'native' ? 'beside' : 'native';
    const url = `http://${form}${suffix}.${NAMESPACE}:${PORT}/`;
    const isRight = ({ identities }: Tally): boolean => identities[IDENTITY(`${other}${suffix}`)] === 5;
    const tally = await waitForTally(formed[other], isRight, `-url=${url}`, '-count=5');
    expect(tally).toMatchObject({ failed: 0, names: { [`${form}${suffix}`]: 5 } });
    const refused = ({ statuses }: Tally): boolean => Object.keys(statuses).length === 0;
    await waitForTally(outsider, refused, `-url=${url}`, '-count=5', '-close');
  }

  /** Asks until the answers are as they should be: settings reach proxies when they do. */
  const waitForTally = (from: Pod, isRight: (tally: Tally) => boolean, ...flags: string[]): Promise<Tally> =>
    waitFor(
      'answers to be as they should',
      async () => {
        const tally = await send(kubectl, from, ...flags);
        if (isRight(tally)) return tally;
        throw new Error(JSON.stringify(tally));
      },
      PATIENTLY,
    );

  const waitForPod = async (name: string, isRight: (pod: Pod) => boolean): Promise<Pod> =>
    waitFor(
      `the pod ${name} to be as it should`,
      async () => {
        const pod = JSON.parse(await kubectl(['-n', NAMESPACE, 'get', 'pod', name, '-o', 'json'])) as Pod;
        if (isRight(pod)) return pod;
        throw new Error(JSON.stringify(pod.status));
      },
      PATIENTLY,
    );

  /** Lets the service in a pod answer with a status from now on; 0 ends that. */
  const fail = (pod: Pod, status: number): Promise<string> =>
    run(kubectl, pod, 'get', '-method=POST', `-url=http://127.0.0.1:${PORT}/fail/${status}`);

  /** What the client that is a pod's application counted. */
  const readTally = async (name: string): Promise<Tally> =>
    JSON.parse(await kubectl(['-n', NAMESPACE, 'logs', name, '-c', 'app'])) as Tally;

  const remove = (...names: string[]): Promise<string> =>
    kubectl(['-n', NAMESPACE, 'delete', ...names, '--wait=false']);

  it.each(FORMS)('start with their network set up by a container of their own: %s', async (form) => {
    expect(containersOf(pods[form])).toEqual(CONTAINERS[form]('istio-init'));
    await expectTraffic({ form, suffix: '' }, pods);
  });

  it.each(FORMS)('are ready as their application says, which no kubelet could ask: %s', async (form) => {
    const name = `probed-${form}`;
    await apply(
      kubectl,
      barePod(name, asking(form), {
        args: ['serve'],
        ports: [{ name: 'http', containerPort: PORT }],
        startupProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 1, failureThreshold: 60 },
        livenessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
        readinessProbe: { httpGet: { path: '/', port: PORT }, periodSeconds: 1, failureThreshold: 1 },
      }),
    );
    const pod = await waitForPod(name, isReady);
    await fail(pod, 503);
    await waitForPod(name, (now) => !isReady(now));
    await fail(pod, 0);
    expect((await waitForPod(name, isReady)).status.containerStatuses).toMatchObject(
      pod.spec.containers.map(() => ({ restartCount: 0 })),
    );
    await remove(`pod/${name}`);
  });

  it('are started again when their application says that it is dead', async () => {
    await apply(
      kubectl,
      barePod(
        'mortal',
        {},
        {
          args: ['serve'],
          livenessProbe: { httpGet: { path: '/', port: PORT }, periodSeconds: 1, failureThreshold: 2 },
        },
      ),
    );
    await fail(await waitForPod('mortal', isReady), 500);
    await waitForPod('mortal', (pod) => isReady(pod) && pod.status.containerStatuses?.[0]?.restartCount === 1);
    await remove('pod/mortal');
  });

  it('are never ready where their probes are to be left alone', async () => {
    await apply(
      kubectl,
      barePod(
        'unasked',
        { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' },
        {
          args: ['serve'],
          readinessProbe: { httpGet: { path: '/healthz', port: PORT }, periodSeconds: 1 },
        },
      ),
    );
    await waitFor(
      'the kubelet to be refused',
      async () => {
        const selector = 'involvedObject.name=unasked,reason=Unhealthy';
        const said = await kubectl(['-n', NAMESPACE, 'get', 'events', `--field-selector=${selector}`]);
        if (/Readiness probe failed: Get "http:\S+:8080\S+ .*(reset by peer|EOF)/.test(said)) return true;
        throw new Error(said);
      },
      PATIENTLY,
    );
    await waitForPod('unasked', (pod) => !isReady(pod));
    await remove('pod/unasked');
  });

  it.each(FORMS)('show metrics of application, agent and proxy to somebody without mTLS: %s', async (form) => {
    const { annotations = {} } = pods[form].metadata as { annotations?: Record<string, string> };
    const [port, path] = [annotations['prometheus.io/port'], annotations['prometheus.io/path']];
    expect(`${port}${path}`).toBe('15020/stats/prometheus');
    const scrape = (at: string | undefined): Promise<string> =>
      run(kubectl, outsider, 'get', `-url=http://${pods[form].status.podIP}:${at}/stats/prometheus`);
    const merged = await scrape(port);
    expect(merged).toMatch(new RegExp(`^traffic_requests_total\\{name="${form}"\\} \\d+$`, 'm'));
    expect(merged).toMatch(/^istio_agent_/m);
    expect(merged).toMatch(/^envoy_/m);
    const proxyOnly = await scrape('15090');
    expect(proxyOnly).toMatch(/^envoy_/m);
    expect(proxyOnly).not.toMatch(/traffic_requests_total|istio_agent_/);
  });

  it.each([
    ['reach others with their first request when they are held', 'held', { ...asking('beside'), ...HOLDING }, 1],
    ['reach others with their first request in the native form', 'first-native', asking('native'), 1],
    ['reach nobody with it when neither holds them', 'unheld', asking('beside'), 0],
  ])('%s', async (_, name, annotations, answered) => {
    const args = ['load', '-count=1', `-url=http://native.${NAMESPACE}:${PORT}/`];
    await apply(kubectl, barePod(name, annotations, { args }));
    const tally = await waitFor('its application to end', async () => readTally(name), PATIENTLY);
    expect(tally).toMatchObject({ requests: 1, failed: 1 - answered });
    expect(tally.identities).toEqual(answered === 1 ? { [IDENTITY('default')]: 1 } : {});
    await remove(`pod/${name}`);
  });

  it('end when their work is done: a Job', async () => {
    const container = {
      name: 'app',
      image: TRAFFIC_IMAGE,
      args: ['load', '-count=20', `-url=http://beside.${NAMESPACE}:${PORT}/`],
    };
    await apply(kubectl, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { namespace: NAMESPACE, name: 'work' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } },
    });
    await kubectl(['-n', NAMESPACE, 'wait', 'job/work', '--for=condition=Complete', PATIENT_KUBECTL]);
    expect(await readTally('job/work')).toMatchObject({ failed: 0, identities: { [IDENTITY('default')]: 20 } });
  });

  describe.each([
    ['iptables', undefined],
    ['nft', { global: { nativeNftables: true } }],
  ])('with the CNI component, which runs %s of the node', (program, values) => {
    let prepared: Record<Form, Pod>;
    const suffix = `-${program}`;

    beforeAll(async () => {
      await installMesh(kubectl, { ...MESH, components: { ...MESH.components, cni: { enabled: true } }, values });
      await waitForPods(kubectl, 'istio-system', { selector: 'k8s-app=istio-cni-node', count: 2 });
      prepared = await deployForms(suffix);
    });

    it.each(FORMS)('start with their network set up from outside: %s', async (form) => {
      expect(containersOf(prepared[form])).toEqual(CONTAINERS[form]('istio-validation'));
      await expectTraffic({ form, suffix }, prepared);
    });

    it('go on as they were when they started without it', () => expectTraffic({ form: 'native', suffix: '' }, pods));
  });
}

/** The application's container: what it is told to do, and whatever else a container has. */
interface Application extends Record<string, unknown> {
  readonly args: readonly string[];
}

/** A pod that nobody makes again, so that its application starts once unless a probe says otherwise. */
function barePod(name: string, annotations: Record<string, string>, container: Application): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: NAMESPACE, name, annotations },
    spec: {
      restartPolicy: container.args[0] === 'serve' ? 'Always' : 'Never',
      terminationGracePeriodSeconds: 5,
      containers: [{ name: 'app', image: TRAFFIC_IMAGE, ...container }],
    },
  };
}
