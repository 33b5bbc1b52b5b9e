// A ProxyRollout of many workloads while its operators are killed and held up at its steps and requests fail: never more
// under way than allowed, each workload written once.
import type { ProxyRolloutStatus } from '../../src/api/rollout/proxy-rollout.ts';
import { createKubeClient, loadKubeConfig } from '../../src/kube/client.ts';
import type { Fault, ProxiedRequest } from '../../testbed/fault-proxy.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { MESH_NAMESPACE } from '../e2e/support/resource.ts';
import { ALL_SHOPS, RolloutWorld, shopWorkload } from '../e2e/support/rollout-world.ts';
import { UnderWay } from '../e2e/support/under-way.ts';
import { startReplica, stopReplicas, type Replica } from './world.ts';

const NAMESPACES = 20;
const PODS_EACH = 2;
const MAX_PARALLEL = 12;
const PATIENCE_MS = 1_500_000;
/** So many steps are written at the most before the next strike. */
const MOST_STEPS = 14;
/** Longer than the Lease of 15 s: what is held arrives while another leads. */
const HELD_MS = 20_000;

/** What happens to an operator at a step. */
const WAYS = ['killed before it', 'killed after it', 'held up at it until another led'] as const;
type Way = (typeof WAYS)[number];

/** One in so many requests fails in each of these ways. */
const TROUBLES: readonly [oneIn: number, fault: Fault][] = [
  [40, { answer: 503 }],
  [60, 'reset'],
  [60, { loseAnswer: true }],
];

/** What a rollout writes, one after the other. */
const STEP = /\/(proxyrollouts\/[^/]+\/status|deployments\/[^/]+|statefulsets\/[^/]+|eviction)$/;

/** Operators of one cluster, and what is done to them. */
class Operators {
  readonly struck: Way[] = [];
  faults = 0;
  readonly #environment: Environment;
  readonly #forwarder: Forwarder;
  #replicas: Replica[] = [];
  #started = 0;
  #next: { steps: number; way: Way; begun: (ended: Promise<void>) => void } | undefined;
  #isTroubled = false;

  constructor(environment: Environment, forwarder: Forwarder) {
    this.#environment = environment;
    this.#forwarder = forwarder;
  }

  async start(): Promise<void> {
    this.#started += 1;
    const webhookUrl = `https://127.0.0.1:${this.#forwarder.port}`;
    const name = `rollout-${this.#started}`;
    const replica = await startReplica(this.#environment, name, { webhookUrl });
    replica.proxy.fault = (request) => this.#decide(replica, request);
    this.#replicas.push(replica);
    const isReady = async (): Promise<boolean> => (await replica.operator.fetchHealth('/readyz')) === 200;
    await waitFor(`${name} to be ready`, isReady, { timeoutMs: 120_000 });
    this.#reach(this.#replicas);
  }

  beginTroubles(): void {
    this.#isTroubled = true;
  }

  /** Strikes whoever writes a step some steps from now; resolves when there are two operators again. */
  async strike(way: Way): Promise<void> {
    const steps = 1 + Math.floor(Math.random() * MOST_STEPS);
    await new Promise<Promise<void>>((begun) => (this.#next = { steps, way, begun: (ended) => begun(ended) }));
    this.struck.push(way);
  }

  async stop(): Promise<void> {
    this.#isTroubled = false;
    this.#next = undefined;
    await stopReplicas(this.#replicas);
  }

  async lastLines(): Promise<string> {
    return (await Promise.all(this.#replicas.map(({ operator }) => operator.lastLines()))).join('\n');
  }

  /** The API server calls these alone. */
  #reach(replicas: readonly Replica[]): void {
    this.#forwarder.use(replicas.map(({ operator }) => operator.webhookPort));
  }

  #decide(replica: Replica, request: ProxiedRequest): Fault | undefined {
    if (this.#next && isStep(request)) {
      this.#next.steps -= 1;
      if (this.#next.steps <= 0) return this.#strike(replica, request);
    }
    if (!this.#isTroubled || request.isWatch) return undefined;
    const [, fault] = TROUBLES.find(([oneIn]) => Math.random() * oneIn < 1) ?? [];
    if (fault !== undefined) this.faults += 1;
    return fault;
  }

  #strike(replica: Replica, request: ProxiedRequest): Fault {
    const { way, begun } = this.#next ?? {};
    this.#next = undefined;
    this.#reach(this.#replicas.filter((other) => other !== replica));
    switch (way) {
      case 'held up at it until another led':
        begun?.(this.#hold(replica));
        return { delayMs: HELD_MS };
      case 'killed after it':
        begun?.(this.#killAfter(replica, request));
        return { loseAnswer: true };
      default:
        begun?.(this.#replace(replica));
        return 'lose';
    }
  }

  async #hold({ operator }: Replica): Promise<void> {
    process.kill(operator.pid ?? 0, 'SIGSTOP');
    await pause(HELD_MS);
    process.kill(operator.pid ?? 0, 'SIGCONT');
    this.#reach(this.#replicas);
  }

  async #killAfter(replica: Replica, { method, path }: ProxiedRequest): Promise<void> {
    const written = replica.proxy.seen.findLast((seen) => seen.method === method && seen.path === path);
    await waitFor('the step to be written', () => written?.status !== undefined, { intervalMs: 1 });
    await this.#replace(replica);
  }

  async #replace(replica: Replica): Promise<void> {
    await replica.operator.kill();
    this.#replicas = this.#replicas.filter((other) => other !== replica);
    await replica.proxy.stop();
    await this.start();
  }
}

function isStep({ isWrite, path, query }: ProxiedRequest): boolean {
  return isWrite && !query.has('dryRun') && STEP.test(path);
}

/** Rejects when more was under way than allowed, a workload was written twice, or the rollout does not end. */
export async function runRollout(environment: Environment, count: number, strikes: number): Promise<void> {
  const admin = createKubeClient({ version: 'chaos', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  const forwarder = await Forwarder.start();
  const operators = new Operators(environment, forwarder);
  const shops = Array.from({ length: NAMESPACES }, (_, index) => `shop-${index}`);
  const workloads = Array.from({ length: count }, (_, index) => {
    const place = { namespace: shops[index % NAMESPACES] ?? '', name: `app-${index}`, replicas: PODS_EACH };
    // Of each ten in a namespace, one has its pods evicted.
    return shopWorkload(Math.floor(index / NAMESPACES) % 10 === 9 ? 'StatefulSet' : 'Deployment', place);
  });
  const auditLog = environment.cluster.embedded?.auditLogPath ?? '';
  const world = new RolloutWorld({ admin, auditLog, shops, workloads, patienceMs: PATIENCE_MS });
  try {
    await operators.start();
    await operators.start();
    await world.setUp();
    await world.moveTag('green');
    console.log(`\na rollout of ${count} workloads in ${NAMESPACES} namespaces, at most ${MAX_PARALLEL} at a time`);
    const since = new Date();
    const waves = [{ name: 'all', maxParallel: MAX_PARALLEL, soak: '0s' }];
    const uid = await world.createRollout(MESH_NAMESPACE, 'chaos', { ...ALL_SHOPS, waves });
    const underWay = await UnderWay.start(admin, uid);
    const { most, inOneNamespace } = await assail(operators, world, strikes).then(
      () => underWay.stop(),
      async (error: unknown) => {
        await underWay.stop();
        throw error;
      },
    );
    console.log(`  most under way: ${most}; in one namespace: ${inOneNamespace}`);
    if (most > MAX_PARALLEL || inOneNamespace > 1) throw new Error('more was under way than allowed');
    judgeWrites(await world.listWrites(since), count);
  } finally {
    await operators.stop();
    await forwarder.stop();
    admin.close();
  }
}

/** Strikes again and again until the rollout has ended. */
async function assail(operators: Operators, world: RolloutWorld, strikes: number): Promise<void> {
  const began = performance.now();
  operators.beginTroubles();
  const isOver = ({ phase = '' }: ProxyRolloutStatus): boolean => ['Done', 'Paused'].includes(phase);
  let isRunning = true;
  const over = world
    .waitForStatus({ name: 'chaos' }, 'done', isOver, () => operators.lastLines())
    .finally(() => (isRunning = false));
  for (let strike = 0; strike < strikes && isRunning; strike += 1) {
    await Promise.race([operators.strike(WAYS[strike % WAYS.length] ?? WAYS[0]), over]);
  }
  const { phase, message, counts } = await over;
  for (const way of WAYS) {
    console.log(`  operators ${way}: ${operators.struck.filter((each) => each === way).length}`);
  }
  console.log(`  requests that failed: ${operators.faults}`);
  console.log(`  ${phase} after ${((performance.now() - began) / 1000).toFixed(0)} s: ${JSON.stringify(counts)}`);
  if (phase !== 'Done' || counts?.renewed !== counts?.workloads) {
    throw new Error(`it is ${phase}: ${message}; ${await operators.lastLines()}`);
  }
}

function judgeWrites(writes: readonly string[], count: number): void {
  const stamps = writes.filter((write) => /^patch (deployments|statefulsets) /.test(write));
  const evictions = writes.filter((write) => write.startsWith('create pods/eviction '));
  const written = new Set(stamps).size;
  console.log(`  by the audit log: ${stamps.length} writes to ${written} workloads, ${evictions.length} evictions`);
  if (stamps.length !== count || written !== count) throw new Error('not each workload was written once');
}
