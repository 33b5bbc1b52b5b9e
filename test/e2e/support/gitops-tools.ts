// What Flux and Argo CD do to the objects that they hold, done exactly: managers, forms of apply, annotations, labels.
import type { KubeObject } from '../../../src/core/kube-object.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';

/** A tool that keeps objects as Git has them. */
export interface GitOpsTool {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  /** Its ServiceAccount, where it is a program of its own, whose writes can be told from others'. */
  readonly account?: string;
  /** Applies all for the first time. */
  install(): Promise<void>;
  /** Compares all with what is there, and applies it. */
  look(): Promise<Look>;
  /** What it calls unhealthy just now. */
  findUnhealthy(client: KubeClient): Promise<string[]>;
}

/** What a tool saw. */
export interface Look {
  /** How many objects it compared. */
  compared: number;
  /** What it would have changed, or what kept it from that. */
  differences: string[];
}

/** kubectl, told to apply as a tool does. */
class ImitatedTool implements GitOpsTool {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly #kubectl: Kubectl;
  readonly #flags: readonly string[];

  constructor(kubectl: Kubectl, name: string, objects: readonly KubeObject[], flags: readonly string[]) {
    this.#kubectl = kubectl;
    this.name = name;
    this.objects = objects;
    this.#flags = flags;
  }

  async install(): Promise<void> {
    await this.#kubectl(['apply', ...this.#flags, '-f', '-'], asList(this.objects));
  }

  async look(): Promise<Look> {
    const differences = await this.#findDifferences().catch((error: unknown) => [String(error)]);
    // A conflict among others.
    await this.install().catch((error: unknown) => differences.push(String(error)));
    return { compared: this.objects.length, differences };
  }

  /** It judges nothing. */
  findUnhealthy(): Promise<string[]> {
    return Promise.resolve([]);
  }

  /**
   * What an apply would change, as the tool finds it out: by a dry run, whose answer is compared with what is there. What
   * somebody changes between the two reads is looked at again.
   */
  async #findDifferences(): Promise<string[]> {
    const input = asList(this.objects);
    const dryRun = ['apply', ...this.#flags, '--dry-run=server', '-o', 'json', '-f', '-'];
    for (;;) {
      const live = readItems(await this.#kubectl(['get', '-f', '-', '-o', 'json'], input));
      const dry = readItems(await this.#kubectl(dryRun, input));
      if (live.some((object, index) => versionOf(object) !== versionOf(dry[index]))) continue;
      return dry.flatMap((object, index) => {
        const name = `${object.kind} ${object.metadata.name}`;
        return differing(asApplied(live[index]), asApplied(object), name);
      });
    }
  }
}

/** kustomize-controller: labels its objects, and applies on the server, by force. */
export function imitateFlux(kubectl: Kubectl, objects: readonly KubeObject[]): GitOpsTool {
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'mesh', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
  const labelled = objects.map((object) => withMetadata(object, { labels }));
  const flags = ['--server-side', '--force-conflicts', '--field-manager=kustomize-controller'];
  return new ImitatedTool(kubectl, 'Flux', labelled, flags);
}

/** Argo CD with its defaults: applies on the client, which keeps what it applied last. */
export function imitateArgo(kubectl: Kubectl, objects: readonly KubeObject[]): GitOpsTool {
  const flags = ['--server-side=false', '--field-manager=argocd-controller'];
  return new ImitatedTool(kubectl, 'Argo CD', trackByArgo(objects), flags);
}

/** The Application of Argo CD's. */
export const APPLICATION = 'mesh';

/** Argo CD with its defaults tracks by annotation. */
export function trackByArgo(objects: readonly KubeObject[]): KubeObject[] {
  return objects.map((object) => {
    const { apiVersion, kind, metadata } = object;
    const id = `${APPLICATION}:${apiVersion.split('/')[0]}/${kind}:${metadata.namespace}/${metadata.name}`;
    return withMetadata(object, { annotations: { 'argocd.argoproj.io/tracking-id': id } });
  });
}

function withMetadata(object: KubeObject, added: Record<string, Record<string, string>>): KubeObject {
  const { metadata } = object;
  const merged = Object.entries(added).map(([key, value]) => [key, { ...(metadata[key] as object), ...value }]);
  return { ...object, metadata: { ...metadata, ...(Object.fromEntries(merged) as object) } };
}

function versionOf(object: KubeObject | undefined): unknown {
  return object?.metadata['resourceVersion'];
}

function asList(objects: readonly KubeObject[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
}

function readItems(text: string): KubeObject[] {
  const read = JSON.parse(text) as KubeObject & { items?: KubeObject[] };
  return read.items ?? [read];
}

/** Without what no tool compares. */
function asApplied(object: KubeObject | undefined): object | undefined {
  if (!object) return undefined;
  const { metadata, status: _, ...rest } = object;
  const { managedFields: _fields, resourceVersion: _version, generation: _generation, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

/** The paths at which two values differ. */
export function differing(a: unknown, b: unknown, path: string): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return [path];
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differing(left[key], right[key], `${path}.${key}`),
  );
}
