// The proxies of 200 workloads are renewed while leaders are killed and cut off and their requests fail: never more at a
// time than allowed, and each workload once.
import { createKubeClient, loadKubeConfig } from '../../src/kube/client.ts';
import type { Fault, ProxiedRequest } from '../../testbed/fault-proxy.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { MESH_NAMESPACE } from '../e2e/support/resource.ts';
import { ALL_SHOPS, RolloutWorld, shopWorkload } from '../e2e/support/rollout-world.ts';
import { UnderWay } from '../e2e/support/under-way.ts';
import { startReplica, stopReplicas, waitForLeader, type Replica } from './world.ts';

const NAMESPACES = 20;
const WORKLOADS_EACH = 10;
const MAX_PARALLEL = 8;
const PATIENCE_MS = 480_000;
/** Longer than a leader without a renewal leads. */
const CUT_OFF_MS = 20_000;
const QUIET_MS = 5_000;
const NAME = 'to-green';

const SHOPS = Array.from({ length: NAMESPACES }, (_, index) => `shop-${String(index).padStart(2, '0')}`);

/** A disturbance, begun when so many workloads were touched. */
interface Disturbance {
  from: number;
  what: string;
  act: (site: Site) => Promise<void>;
}

const DISTURBANCES: readonly Disturbance[] = [
  { from: 5, what: 'the leader is killed', act: (site) => site.killLeader() },
  { from: 20, what: '20 % of requests answer 503', act: (site) => site.disturb(sometimes(0.2, { answer: 503 })) },
  { from: 45, what: 'the leader is killed', act: (site) => site.killLeader() },
  { from: 60, what: '20 % of connections break', act: (site) => site.disturb(sometimes(0.2, 'reset')) },
  { from: 85, what: 'the leader is cut off for 20 s, and comes back', act: (site) => site.cutOffLeader() },
  {
    from: 110,
    what: '20 % are carried out, and their answer is lost',
    act: (site) => site.disturb(sometimes(0.2, { loseAnswer: true })),
  },
  { from: 140, what: 'the leader is killed', act: (site) => site.killLeader() },
  { from: 165, what: 'both are killed', act: (site) => site.killBoth() },
];

function sometimes(share: number, fault: Fault): (request: ProxiedRequest) => Fault | undefined {
  return ({ isWatch }) => (!isWatch && Math.random() < share ? fault : undefined);
}

/** Rejects when more was under way than allowed, when a workload was written to twice, or when it never ends. */
export async function runRollout(environment: Environment): Promise<void> {
  const site = await Site.start(environment);
  const admin = createKubeClient({ version: 'chaos', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  const auditLog = environment.cluster.embedded?.auditLogPath ?? '';
  const world = new RolloutWorld({ admin, auditLog, shops: SHOPS, workloads: workloads(), patienceMs: PATIENCE_MS });
  try {
    await world.setUp();
    await world.moveTag('green');
    const since = new Date();
    const began = performance.now();
    const seconds = (): string => `${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s`;
    console.log(`\nproxies of ${NAMESPACES * WORKLOADS_EACH} workloads renewed, ${MAX_PARALLEL} at a time`);
    const waves = [
      { name: 'canary', namespaces: SHOPS.slice(0, MAX_PARALLEL), maxParallel: MAX_PARALLEL, soak: '0s' },
      { name: 'rest', maxParallel: MAX_PARALLEL, soak: '0s' },
    ];
    const uid = await world.createRollout(MESH_NAMESPACE, NAME, { ...ALL_SHOPS, waves });
    const underWay = await UnderWay.start(admin, uid);
    for (const { from, what, act } of DISTURBANCES) {
      const isThere = async (): Promise<boolean> => (await world.listTouched(uid)).length >= from;
      await waitFor(`${from} workloads to be touched`, isThere, { timeoutMs: PATIENCE_MS, intervalMs: 200 });
      console.log(`  ${seconds()}  ${String((await world.listTouched(uid)).length).padStart(3)} touched: ${what}`);
      await act(site);
    }
    const { counts } = await world.waitForStatus(
      { name: NAME },
      'done',
      ({ phase }) => phase === 'Done',
      () => site.lastLines(),
    );
    const { most, inOneNamespace } = await underWay.stop();
    const writes = await world.listWrites(since);
    const patches = writes.filter((write) => write.startsWith('patch '));
    const evictions = writes.filter((write) => write.startsWith('create pods/eviction')).length;
    console.log(`  ${seconds()}  done: ${JSON.stringify(counts)}`);
    console.log(`  most under way at once: ${most} of ${MAX_PARALLEL} allowed, ${inOneNamespace} in one namespace`);
    console.log(`  audit log: ${patches.length} patches of ${new Set(patches).size} workloads, ${evictions} evictions`);
    const quietSince = new Date();
    await pause(QUIET_MS);
    const late = await world.listWrites(quietSince);
    console.log(`  writes once it was done: ${late.length}`);
    expectAll(counts?.renewed === NAMESPACES * WORKLOADS_EACH, 'not all workloads were renewed');
    expectAll(most <= MAX_PARALLEL && inOneNamespace === 1, 'more was under way than allowed');
    expectAll(patches.length === new Set(patches).size, 'a workload was written to twice');
    expectAll(late.length === 0, `it wrote when it was done: ${late.join(', ')}`);
  } finally {
    admin.close();
    await site.stop();
  }
}

function expectAll(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

function workloads(): ReturnType<typeof shopWorkload>[] {
  return SHOPS.flatMap((namespace) =>
    Array.from({ length: WORKLOADS_EACH }, (_, index) =>
      shopWorkload(index === 0 ? 'StatefulSet' : 'Deployment', { namespace, name: `app-${index}`, replicas: 2 }),
    ),
  );
}

/** Two operators at any time, each behind a proxy of its own. */
class Site {
  readonly #environment: Environment;
  readonly #forwarder: Forwarder;
  readonly #replicas: Replica[] = [];
  #fault: (request: ProxiedRequest) => Fault | undefined = () => undefined;

  private constructor(environment: Environment, forwarder: Forwarder) {
    this.#environment = environment;
    this.#forwarder = forwarder;
  }

  static async start(environment: Environment): Promise<Site> {
    const site = new Site(environment, await Forwarder.start());
    await site.#fill();
    return site;
  }

  /** From now on; it ends with the next disturbance. */
  disturb(fault: (request: ProxiedRequest) => Fault | undefined): Promise<void> {
    this.#setFault(fault);
    return Promise.resolve();
  }

  async killLeader(): Promise<void> {
    this.#setFault(() => undefined);
    const { leader } = await waitForLeader(this.#alive());
    await leader.operator.kill();
    await this.#fill();
  }

  async killBoth(): Promise<void> {
    this.#setFault(() => undefined);
    await Promise.all(this.#alive().map(({ operator }) => operator.kill()));
    await this.#fill();
  }

  /** What it had begun when it was cut off goes on when it is back, and by then another leads. */
  async cutOffLeader(): Promise<void> {
    this.#setFault(() => undefined);
    const { leader } = await waitForLeader(this.#alive());
    leader.proxy.partition();
    await pause(CUT_OFF_MS);
    leader.proxy.heal();
  }

  async lastLines(): Promise<string> {
    return (await Promise.all(this.#alive().map(({ operator }) => operator.lastLines()))).join('\n');
  }

  async stop(): Promise<void> {
    this.#setFault(() => undefined);
    await stopReplicas(this.#replicas);
    await this.#forwarder.stop();
  }

  #alive(): Replica[] {
    return this.#replicas.filter(({ operator }) => operator.exit === undefined);
  }

  #setFault(fault: (request: ProxiedRequest) => Fault | undefined): void {
    this.#fault = fault;
    for (const { proxy } of this.#replicas) proxy.fault = fault;
  }

  async #fill(): Promise<void> {
    while (this.#alive().length < 2) {
      const name = `renewing-${this.#replicas.length + 1}`;
      const replica = await startReplica(this.#environment, name, `https://127.0.0.1:${this.#forwarder.port}`);
      replica.proxy.fault = this.#fault;
      this.#replicas.push(replica);
      await waitFor(`${name} to be ready`, async () => (await replica.operator.fetchHealth('/readyz')) === 200, {
        timeoutMs: 60_000,
      });
    }
    this.#forwarder.use(this.#alive().map(({ operator }) => operator.webhookPort));
  }
}
