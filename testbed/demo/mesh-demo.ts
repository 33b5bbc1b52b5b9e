// The true mesh: Istio's own istiod and proxies on nodes that run containers, and who gets through to whom.
import { applyOperator, renderMesh, startMeshNodes } from '../mesh/mesh.ts';
import type { Pod } from '../mesh/pods.ts';
import type { RealEnvironment } from '../mesh/real-cluster.ts';
import { apply, createNamespace, deployAll, run } from '../mesh/workloads.ts';
import { checkHost, readHostFacts } from '../real/host-facts.ts';
import { untilAborted } from '../wait.ts';
import { OUTSIDE, renderStrict, renderWeights, REVIEWS_URL, SHOP, WEIGHTS } from './shop.ts';
import { showInstallation } from './show-installation.ts';
import type { Stage } from './stage.ts';
import { isSharedBy, type CallerCount } from './traffic-count.ts';
import type { TrafficView } from './traffic-table.ts';
import { TrafficWatch } from './traffic-watch.ts';

const MESH = { namespace: 'istio-system', name: 'istio' };
const NODES = 2;
const TIMEOUT_MS = 60_000;
/** So many refusals in a row are no accident. */
const REFUSALS = 10;

const FRONTEND = `${SHOP}/frontend`;
const OUTSIDER = `${OUTSIDE}/outsider`;

/**
 * Plays it to its end, or until the viewer has seen enough.
 *
 * @throws when a machine cannot run it, and when something does not come about in time.
 */
export async function runMeshDemo(stage: Stage): Promise<void> {
  const { screen, signal } = stage;
  checkHost(await readHostFacts(), NODES, '`npm run demo` needs none of it: the operator at work with simulated nodes');
  const began = performance.now();
  const elapsed = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const environment = await startMeshNodes({ onProgress: stage.progress, signal });
  stage.defer(() => environment.cluster.stop());
  signal.throwIfAborted();
  stage.tellLogs(environment.cluster.logsDir);
  await install(stage, environment);
  const traffic = await openShop(stage, environment);
  await traffic.wait('the first request', { ...COUNTED, isRight: (view) => of(view, FRONTEND).answered > 0 });
  screen.tell(`the first request was answered ${elapsed()} after the start`);
  await showWeights(stage, traffic);
  await showStrict(stage, environment, traffic);
  screen.tell(`all of it ${elapsed()} after the start`);
  if (stage.isOnce) return;
  screen.say(howToGoOn(environment));
  traffic.note = 'Ctrl-C ends everything';
  await untilAborted(signal);
}

async function install(stage: Stage, { cluster, kubectl }: RealEnvironment): Promise<void> {
  const { screen } = stage;
  screen.tell('applying config/default (kubectl apply -k): the operator, two pods on two nodes');
  await applyOperator(kubectl);
  // The fluent client finds the cluster by the environment.
  process.env['KUBECONFIG'] = cluster.kubeconfig;
  screen.tell('applying one IstioOperator with the profile default\n');
  await apply(kubectl, renderMesh());
  const seconds = await showInstallation(stage, MESH);
  screen.tell(`\nistiod and the ingress gateway are Ready after ${seconds.toFixed(1)} s`);
}

/** Two services in the mesh, a pod outside of it, and requests between them. */
async function openShop(stage: Stage, environment: RealEnvironment): Promise<TrafficWatch> {
  const { kubectl, cluster } = environment;
  const [one = '', other = ''] = cluster.nodes.map(({ name }) => name);
  stage.screen.tell(
    `starting frontend on ${one}, reviews v1 on ${other} and v2 on ${one}, and on ${other} an outsider without a proxy`,
  );
  await createNamespace(kubectl, SHOP, { 'istio-injection': 'enabled' });
  await createNamespace(kubectl, OUTSIDE);
  await apply(kubectl, ...renderWeights());
  const [, [reviews], , [outsider]] = (await deployAll(
    kubectl,
    { namespace: SHOP, name: 'frontend', node: one },
    { namespace: SHOP, name: 'reviews', version: 'v1', node: other },
    { namespace: SHOP, name: 'reviews', version: 'v2', node: one },
    { namespace: OUTSIDE, name: 'outsider', node: other },
  )) as [Pod[], [Pod], Pod[], [Pod]];
  const shown = await run(kubectl, outsider, 'look', `-address=${reviews.status.podIP}:8080`);
  const [serviceIdentity = ''] = (JSON.parse(shown) as { identities: string[] }).identities;
  const flags = [`-url=${REVIEWS_URL}`, '-timeout=2s'];
  const traffic = new TrafficWatch(stage, environment, { service: 'reviews', serviceIdentity }, [
    { namespace: SHOP, name: 'frontend', flags: [...flags, '-rate=40'] },
    // What was let in stays in: each request asks anew.
    { namespace: OUTSIDE, name: 'outsider', flags: [...flags, '-rate=4', '-close'] },
  ]);
  stage.defer(() => traffic.stop());
  return traffic;
}

async function showWeights({ screen }: Stage, traffic: TrafficWatch): Promise<void> {
  const asked = Object.values(WEIGHTS).join(' to ');
  traffic.note = `weights ${asked}; PERMISSIVE: reviews takes mTLS and plain text`;
  const view = await traffic.wait(`requests to be shared ${asked}, and the outsider to be let in`, {
    ...COUNTED,
    isRight: (view) => isSharedBy(of(view, FRONTEND), WEIGHTS) && of(view, OUTSIDER).streak.count >= REFUSALS,
  });
  screen.tell(`frontend's requests are shared ${asked}: ${describeCaller(of(view, FRONTEND))}`);
}

async function showStrict({ screen }: Stage, { kubectl }: RealEnvironment, traffic: TrafficWatch): Promise<void> {
  screen.tell('applying a PeerAuthentication: STRICT in namespace shop');
  await apply(kubectl, renderStrict());
  traffic.note = 'STRICT: reviews takes mTLS alone';
  const view = await traffic.wait('the outsider to be refused, and frontend not', {
    ...COUNTED,
    isRight: (view) => {
      const [outsider, frontend] = [of(view, OUTSIDER).streak, of(view, FRONTEND).streak];
      return outsider.outcome === 'refused' && outsider.count >= REFUSALS && frontend.outcome === 'answered';
    },
  });
  const { reason, streak } = of(view, OUTSIDER);
  screen.tell(`the outsider is refused, ${streak.count} times in a row (${reason}); frontend goes on`);
}

const COUNTED = {
  timeoutMs: TIMEOUT_MS,
  describe: (view: TrafficView) => view.callers.map(describeCaller).join('; '),
};

function of({ callers }: TrafficView, name: string): CallerCount {
  const found = callers.find(({ caller }) => caller === name);
  if (found === undefined) throw new Error(`nobody counts the requests of ${name}`);
  return found;
}

function describeCaller({ caller, answered, routes, refused, reason }: CallerCount): string {
  const shares = routes.map((route) => `${route.server} ${route.answered}`).join(', ');
  const trouble = refused === 0 ? '' : `, ${refused} refused (${reason})`;
  return `${caller}: ${answered} answered${shares === '' ? '' : ` (${shares})`}${trouble}`;
}

function howToGoOn({ cluster }: RealEnvironment): string {
  return `
The mesh is yours, and the table goes on. In another terminal:

  export KUBECONFIG=${cluster.kubeconfig}
  alias kubectl=${cluster.kubectl}

  kubectl delete peerauthentication default -n shop  # lets the outsider in
  kubectl edit virtualservice reviews -n shop        # other weights
  kubectl delete pod -l app=frontend -n shop         # a successor takes over
  kubectl get pods -A -o wide

Logs: ${cluster.logsDir}
Ctrl-C ends everything.`;
}
