// A cluster with an operator that guides are run on.
import { ISTIO_KINDS } from '../../../src/api/istio-kinds.ts';
import { waitFor } from '../../../testbed/wait.ts';
import type { GuideTools } from '../../../tools/guides/guide-shell.ts';
import { Environment } from './environment.ts';
import { waitForEnforced } from './enforced.ts';
import { istioOperatorWebhook } from './istio-operator-webhook.ts';
import { applySpec, fetchResource, MESH_NAME, MESH_NAMESPACE, waitForCondition } from './resource.ts';

/** Its Service leads nowhere, and each call of it would take until its timeout. */
const FORGET_WEBHOOK =
  'kubectl delete validatingwebhookconfiguration sailwright-istiooperator --ignore-not-found -o name';

/** The default mesh, with nothing that a warning is about. */
const MESH = { profile: 'default', components: { pilot: { k8s: { hpaSpec: { minReplicas: 2 } } } } };

/** Nodes are simulated: no container runs. */
export class GuideCluster {
  readonly #environment: Environment;
  #namespaces: readonly string[] = [];
  #spec: unknown;

  private constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Starts the cluster and one operator, without a mesh. */
  static async start(): Promise<GuideCluster> {
    const environment = await Environment.start();
    const operator = await environment.startOperator('guides', { flags: ['--analysis-interval=5s'] });
    const webhook = istioOperatorWebhook(`https://127.0.0.1:${operator.webhookPort}`);
    await environment.kubectl(['apply', '-f', '-'], JSON.stringify(webhook));
    await waitFor('the operator to be ready', async () => (await operator.fetchHealth('/readyz')) === 200);
    return new GuideCluster(environment);
  }

  get tools(): GuideTools {
    const { cluster } = this.#environment;
    const kubectl = cluster.embedded?.kubectl ?? 'kubectl';
    return {
      kubeconfig: cluster.kubeconfig,
      kubectl,
      after: { what: /config\//, script: `${FORGET_WEBHOOK} >/dev/null` },
    };
  }

  /** Installs the default mesh; what is there then is there before each guide. */
  async install(): Promise<void> {
    const { kubectl } = this.#environment;
    await applySpec(MESH);
    await waitForCondition('Ready');
    await waitForEnforced(kubectl, 'istio-validator-istio-system');
    this.#namespaces = await this.#listNamespaces();
    this.#spec = (await fetchResource())?.spec;
  }

  /** Takes away what a guide left behind. */
  async tidy(): Promise<void> {
    const { kubectl } = this.#environment;
    const kinds = ISTIO_KINDS.map(({ group, plural }) => `${plural}.${group}`).join(',');
    const left = (await this.#listNamespaces()).filter((name) => !this.#namespaces.includes(name));
    await Promise.all([
      kubectl(['delete', kinds, '--all', '-n', MESH_NAMESPACE]),
      left.length > 0 ? this.#deleteNamespaces(left) : undefined,
      this.#resetMesh(),
    ]);
  }

  async #deleteNamespaces(names: readonly string[]): Promise<void> {
    const { kubectl } = this.#environment;
    // From here on nobody puts new pods in the place of those that go.
    await kubectl(['delete', 'namespace', ...names, '--wait=false']);
    // No container needs its time to end.
    await Promise.all(
      names.map((name) => kubectl(['delete', 'pods', '--all', '-n', name, '--grace-period=0', '--force'])),
    );
    await kubectl(['wait', '--for=delete', '--timeout=120s', ...names.map((name) => `namespace/${name}`)]);
  }

  /** Whoever set a field or an annotation: what was at first is there again. */
  async #resetMesh(): Promise<void> {
    const patch = [
      { op: 'replace', path: '/spec', value: this.#spec },
      { op: 'add', path: '/metadata/annotations', value: {} },
    ];
    const ref = ['iop', MESH_NAME, '-n', MESH_NAMESPACE];
    await this.#environment.kubectl(['patch', ...ref, '--type=json', '-p', JSON.stringify(patch)]);
    await waitForCondition('Ready');
  }

  stop(): Promise<void> {
    return this.#environment.stop();
  }

  async #listNamespaces(): Promise<string[]> {
    const names = await this.#environment.kubectl(['get', 'namespaces', '-o', 'jsonpath={.items[*].metadata.name}']);
    return names.split(' ');
  }
}
