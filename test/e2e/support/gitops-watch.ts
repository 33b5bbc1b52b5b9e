// An installation whose operator and meshes are in Git, watched while the cluster lives: what the tools would change, what
// the operator writes, how healthy it is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../../src/core/kube-object.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { pause, waitFor } from '../../../testbed/wait.ts';
import { readManifests } from '../../../tools/release/read-manifests.ts';
import { displayEntry, fetchAccountWrites, fetchOperatorWrites, type AuditEntry } from './audit.ts';
import type { GitOpsTool } from './gitops-tools.ts';
import { MESH_NAMESPACE } from './resource.ts';

const SAMPLES = join(import.meta.dirname, '../../../config/samples');

/** What was seen in a stretch of time. */
export interface Observation {
  what: string;
  seconds: number;
  /** How often the tools looked. */
  looks: number;
  /** How many objects they compared, all looks together. */
  compared: number;
  /** What they would have changed, or what kept them from it. */
  differences: string[];
  /** What the operator wrote, but leases. */
  writes: string[];
  /** What the operator wrote to objects that are in Git, but status and CA bundles. */
  writesToGit: string[];
  /** States of a mesh, or of what a tool says of it, that were not healthy, one for each change. */
  unhealthy: string[];
}

/** Before anything was seen. */
export function noObservation(what: string): Observation {
  return { what, seconds: 0, looks: 0, compared: 0, differences: [], writes: [], writesToGit: [], unhealthy: [] };
}

export interface GitOpsSetup {
  admin: KubeClient;
  auditLog: string;
  tools: readonly GitOpsTool[];
}

/** Looks at what tools hold. */
export class GitOpsWatch {
  readonly #setup: GitOpsSetup;
  readonly #inGit: ReadonlySet<string>;

  constructor(setup: GitOpsSetup) {
    this.#setup = setup;
    this.#inGit = new Set(setup.tools.flatMap(({ objects }) => objects.map(nameOf)));
  }

  /** Applies everything, as at the first synchronization. */
  async install(): Promise<void> {
    for (const tool of this.#setup.tools) await tool.install();
    await waitFor('both meshes to be Ready', async () => (await this.#findUnhealthy()).length === 0, {
      timeoutMs: 180_000,
    });
  }

  /** Looks and applies again and again while something goes on, for as long as told at the least. */
  async observe(what: string, seconds: number, happening: () => Promise<void>): Promise<Observation> {
    const began = Date.now();
    const since = new Date();
    const seen = noObservation(what);
    const state = { isOver: false };
    const work = happening().finally(() => (state.isOver = true));
    // Awaited below; what it throws until then is not lost.
    work.catch(() => undefined);
    const isGoingOn = (): boolean => !state.isOver || Date.now() - began < seconds * 1_000;
    const health = this.#followHealth(seen, isGoingOn);
    do {
      await this.#look(seen);
    } while (isGoingOn());
    await Promise.all([work, health]);
    const entries = await fetchOperatorWrites(this.#setup.auditLog, since);
    seen.writes = entries.map(displayEntry);
    seen.writesToGit = entries.filter((entry) => this.#isInGit(entry)).map(displayEntry);
    await this.#addToolWrites(seen, since);
    seen.seconds = Math.round((Date.now() - began) / 1_000);
    return seen;
  }

  /** Tells each change of health once, however short it is. */
  async #followHealth(seen: Observation, isGoingOn: () => boolean): Promise<void> {
    let before = '';
    while (isGoingOn()) {
      const found = await this.#findUnhealthy();
      if (found.join() !== before) seen.unhealthy.push(...found);
      before = found.join();
      await pause(100);
    }
  }

  async #look(seen: Observation): Promise<void> {
    for (const tool of this.#setup.tools) {
      const { compared, differences } = await tool.look();
      seen.compared += compared;
      seen.differences.push(...differences.map((difference) => `${tool.name}: ${difference}`));
    }
    seen.looks += 1;
  }

  /** What a program of its own really wrote, whatever it said. */
  async #addToolWrites(seen: Observation, since: Date): Promise<void> {
    for (const { name, account } of this.#setup.tools) {
      if (account === undefined) continue;
      const entries = await fetchAccountWrites(this.#setup.auditLog, since, account);
      const wrote = entries.filter((entry) => this.#isInGit(entry)).map(displayEntry);
      seen.differences.push(...wrote.map((entry) => `${name} wrote: ${entry}`));
    }
  }

  async #findUnhealthy(): Promise<string[]> {
    const { tools, admin } = this.#setup;
    const told = await Promise.all(tools.map((tool) => tool.findUnhealthy(admin)));
    return [...told.flat(), ...(await this.#findUnhealthyMeshes())];
  }

  async #findUnhealthyMeshes(): Promise<string[]> {
    const { items } = await this.#setup.admin.list({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' });
    return (items as unknown as Mesh[]).flatMap(({ metadata, status }) => {
      const conditions =
        status?.conditions?.filter(({ type }) => ['Ready', 'Reconciling', 'Stalled'].includes(type)) ?? [];
      const state = conditions.map((condition) => condition.status).join(' ');
      const isCurrent = status?.observedGeneration === metadata.generation;
      if (isCurrent && state === 'True False False' && status?.status === 'HEALTHY') return [];
      const message = conditions.find(({ type }) => type === 'Ready')?.message ?? '';
      return [`${metadata.name}: ${status?.status} ${state} ${message}`];
    });
  }

  #isInGit({ objectRef, requestURI }: AuditEntry): boolean {
    const { resource = '', name = '', subresource } = objectRef ?? {};
    if (subresource === 'status' || requestURI.includes('fieldManager=sailwright-ca')) return false;
    return this.#inGit.has(`${resource} ${name}`);
  }
}

interface Mesh {
  metadata: { name: string; generation: number };
  status?: {
    status?: string;
    observedGeneration?: number;
    conditions?: { type: string; status: string; message: string }[];
  };
}

/** What Git holds in the test: a mesh of config/samples. */
export function readSample(name: string): KubeObject {
  return parse(readFileSync(join(SAMPLES, `istiooperator-${name}.yaml`), 'utf8')) as KubeObject;
}

/** As the audit log names it: `validatingwebhookconfigurations sailwright-istiooperator`. */
function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind.toLowerCase().replace(/y$/, 'ie')}s ${metadata.name}`;
}

/** The manifests of the operator, whose webhooks lead to the operators that run beside the cluster. */
export function readOperator(webhookUrl: string): KubeObject[] {
  return readManifests('default').map(({ object }) => reachedBy(object, webhookUrl));
}

function reachedBy(object: KubeObject, url: string): KubeObject {
  if (object.kind !== 'ValidatingWebhookConfiguration') return object;
  const webhooks = object['webhooks'] as { clientConfig: { service: { path: string } } }[];
  return {
    ...object,
    webhooks: webhooks.map((entry) => ({ ...entry, clientConfig: { url: url + entry.clientConfig.service.path } })),
  };
}

/** One line of the table of observations. */
export function describeObservation(seen: Observation): string {
  const { what, seconds, looks, compared, differences, writes, writesToGit, unhealthy } = seen;
  const counts = [
    `${looks} looks at ${compared} objects`,
    `${differences.length} differences`,
    `${writesToGit.length} writes to what is in Git`,
    `${writes.length} other writes`,
    `${unhealthy.length} changes of health`,
  ];
  return `${what.padEnd(44)} ${String(seconds).padStart(5)} s  ${counts.join(', ')}`;
}

/** Where the istiod of the sample is. */
export const ISTIOD = ['deployment', 'istiod', '-n', MESH_NAMESPACE];
