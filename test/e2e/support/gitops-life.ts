// What happens in a cluster that lives, done on purpose to an installation that is in Git.
import type { KubeObject } from '../../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../../src/kube/client.ts';
import { Forwarder } from '../../../testbed/forwarder.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import type { OperatorProcess } from '../../../testbed/operator-process.ts';
import { waitFor } from '../../../testbed/wait.ts';
import { CertificateRotation } from '../../mesh/support/certificate-rotation.ts';
import { fetchOperatorWrites } from './audit.ts';
import { Argo } from './argo.ts';
import { Environment } from './environment.ts';
import { Flux } from './flux.ts';
import { imitateArgo, imitateFlux, type GitOpsTool } from './gitops-tools.ts';
import { GitOpsWatch, ISTIOD, readOperator, readSample, type Observation } from './gitops-watch.ts';
import { LEASE } from './names.ts';
import { MESH_NAMESPACE } from './resource.ts';

export const GITOPS_EVENTS = [
  'nothing happens',
  'an autoscaler scales istiod',
  'drift is repaired',
  'the certificate is renewed',
  'the leader is killed',
  'the operator is rolled out',
] as const;
export type GitOpsEvent = (typeof GITOPS_EVENTS)[number];

/** Longer than the operator gathers what it tells together. */
const QUIET_MS = 10_000;

/** Who holds what is in Git: Flux's controller and Argo CD's engine, or kubectl told to do as they do. */
export type Played = 'real' | 'imitated';

/** Two replicas of the operator behind one address, and what Git holds applied. */
export class GitOpsLife {
  readonly #environment: Environment;
  readonly #forwarder: Forwarder;
  readonly #admin: KubeClient;
  readonly #watch: GitOpsWatch;
  readonly #stopTools: () => Promise<void>;
  #replicas: OperatorProcess[] = [];
  #started = 0;

  private constructor(environment: Environment, forwarder: Forwarder, auditLog: string, tools: Tools) {
    this.#environment = environment;
    this.#forwarder = forwarder;
    const kubeConfig = loadKubeConfig(environment.cluster.kubeconfig);
    this.#admin = createKubeClient({ version: 'test', kubeConfig });
    this.#watch = new GitOpsWatch({ admin: this.#admin, auditLog, tools: tools.held });
    this.#stopTools = tools.stop;
  }

  static async start(played: Played = 'imitated'): Promise<GitOpsLife> {
    const environment = await (played === 'real' ? Environment.startBare() : Environment.start());
    const forwarder = await Forwarder.start();
    const auditLog = environment.cluster.embedded?.auditLogPath;
    if (auditLog === undefined) throw new Error('writes are counted from the audit log of the embedded cluster');
    const operator = readOperator(`https://127.0.0.1:${forwarder.port}`);
    const tools = await (played === 'real' ? startTools(environment, operator) : imitate(environment, operator));
    const life = new GitOpsLife(environment, forwarder, auditLog, tools);
    await Promise.all([life.#startReplica(), life.#startReplica()]);
    await life.#watch.install();
    await life.#waitUntilBinding();
    // The status counts the pods of the gateways when they run.
    await waitFor(
      'writes to come to an end',
      async () => (await fetchOperatorWrites(auditLog, new Date(Date.now() - QUIET_MS))).length === 0,
      { timeoutMs: 120_000 },
    );
    return life;
  }

  get kubectl(): Kubectl {
    return this.#environment.kubectl;
  }

  /** The metrics of a replica that runs. */
  async fetchMetrics(): Promise<string> {
    const [replica] = this.#replicas;
    if (!replica) throw new Error('no replica runs');
    return replica.fetchMetrics();
  }

  /** Watches what the tools and the operator do while something happens. */
  observe(event: GitOpsEvent, seconds: number): Promise<Observation> {
    const happenings: Record<GitOpsEvent, () => Promise<void>> = {
      'nothing happens': () => Promise.resolve(),
      'an autoscaler scales istiod': () => this.#scale(),
      'drift is repaired': () => this.#drift(),
      'the certificate is renewed': () => this.#rotate(),
      'the leader is killed': () => this.#killLeader(),
      'the operator is rolled out': () => this.#rollOut(),
    };
    return this.#watch.observe(event, seconds, happenings[event]);
  }

  async stop(): Promise<void> {
    this.#admin.close();
    await this.#stopTools();
    await this.#environment.stop();
    await this.#forwarder.stop();
  }

  async #startReplica(): Promise<void> {
    const webhookUrl = `https://127.0.0.1:${this.#forwarder.port}`;
    const replica = await this.#environment.startOperator(`gitops-${++this.#started}`, { webhookUrl });
    await waitFor('it to be ready', async () => (await replica.fetchHealth('/readyz')) === 200);
    this.#replicas.push(replica);
    this.#forwarder.use(this.#replicas.map(({ webhookPort }) => webhookPort));
  }

  /** From then on nothing is left to do. */
  async #waitUntilBinding(): Promise<void> {
    const kinds = 'mutatingwebhookconfigurations,validatingwebhookconfigurations';
    const path = '{range .items[*].webhooks[*]}{.name}={.failurePolicy} {end}';
    await waitFor(
      'all webhooks to be binding',
      async () => {
        const text = await this.kubectl(['get', kinds, '-o', `jsonpath=${path}`]);
        const pending = text
          .trim()
          .split(' ')
          .filter((entry) => !entry.endsWith('=Fail') && !entry.startsWith('deletion.'));
        return pending.length === 0 && text.includes('istiooperator.sailwright.dev=Fail');
      },
      { timeoutMs: 120_000 },
    );
  }

  /** As the HorizontalPodAutoscaler does: by the subresource, up and down. */
  async #scale(): Promise<void> {
    for (const replicas of [3, 1]) {
      await this.kubectl(['scale', ...ISTIOD, `--replicas=${replicas}`]);
      await this.kubectl(['rollout', 'status', ...ISTIOD, '--timeout=60s']);
    }
  }

  async #drift(): Promise<void> {
    await this.kubectl(['delete', ...ISTIOD]);
    await waitFor('it to be back', () =>
      this.kubectl(['get', ...ISTIOD]).then(
        () => true,
        () => false,
      ),
    );
    await this.kubectl(['rollout', 'status', ...ISTIOD, '--timeout=60s']);
    const service = ['service', 'istiod', '-n', MESH_NAMESPACE];
    await this.kubectl(['patch', ...service, '--type=json', '-p', '[{"op":"remove","path":"/spec/ports/0"}]']);
    await waitFor('it to be whole', async () =>
      (await this.kubectl(['get', ...service, '-o', 'jsonpath={.spec.ports[*].port}'])).includes('15010'),
    );
  }

  /** A certificate that is due is replaced by the one in line, and what it was trusted by is forgotten. */
  async #rotate(): Promise<void> {
    const origin = `https://127.0.0.1:${this.#forwarder.port}`;
    const rotation = new CertificateRotation(this.#admin, ({ url }) => url?.startsWith(origin) === true);
    await rotation.prepareShortLived();
    await rotation.promote();
    await rotation.promote();
    await rotation.retire();
  }

  /** As its Deployment does for another version: each replica ends once a new one is ready. */
  async #rollOut(): Promise<void> {
    for (const former of [...this.#replicas]) {
      await this.#startReplica();
      this.#dismiss(former);
      await former.stop();
    }
    await this.#waitForLeader();
  }

  async #killLeader(): Promise<void> {
    const leader = await this.#findLeader();
    if (!leader) throw new Error(`nobody of ${this.#replicas.map(({ name }) => name).join(', ')} leads`);
    this.#dismiss(leader);
    await leader.kill();
    await this.#waitForLeader();
    await this.#startReplica();
  }

  /** The API server calls it no more. */
  #dismiss(replica: OperatorProcess): void {
    this.#replicas = this.#replicas.filter((each) => each !== replica);
    this.#forwarder.use(this.#replicas.map(({ webhookPort }) => webhookPort));
  }

  async #findLeader(): Promise<OperatorProcess | undefined> {
    const path = 'jsonpath={.spec.holderIdentity}';
    const holder = await this.kubectl(['get', 'lease', LEASE.name, '-n', LEASE.namespace, '-o', path]);
    return this.#replicas.find(({ name }) => holder.startsWith(`${name}_`));
  }

  async #waitForLeader(): Promise<void> {
    await waitFor('one of the replicas to lead', () => this.#findLeader(), { timeoutMs: 60_000 });
  }
}

/** What holds what is in Git: the operator and a mesh by Flux, a second mesh by Argo CD. */
interface Tools {
  held: readonly GitOpsTool[];
  stop: () => Promise<void>;
}

function imitate({ kubectl }: Environment, operator: readonly KubeObject[]): Tools {
  const flux = imitateFlux(kubectl, [...operator, readSample('default')]);
  return { held: [flux, imitateArgo(kubectl, [readSample('revision')])], stop: () => Promise.resolve() };
}

/** The operator's identity comes with its manifests. */
async function startTools(environment: Environment, operator: readonly KubeObject[]): Promise<Tools> {
  const mesh = [namespace(MESH_NAMESPACE), readSample('default')];
  const flux = await Flux.start(environment, operator, { mesh, apps: APPS });
  await environment.openIdentity();
  const argo = await Argo.start(environment, [readSample('revision')]);
  const stop = async (): Promise<void> => void (await Promise.all([flux.stop(), argo.stop()]));
  return { held: [flux, argo], stop };
}

function namespace(name: string, labels: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

const APPS: readonly KubeObject[] = [
  namespace('shop', { 'istio-injection': 'enabled' }),
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: 'shop' },
    spec: { mtls: { mode: 'STRICT' } },
  },
];
