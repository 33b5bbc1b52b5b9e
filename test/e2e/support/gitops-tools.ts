// What Flux and Argo CD do to the objects that they hold, done exactly: managers, forms of apply, annotations, labels.
import type { KubeObject } from '../../../src/core/kube-object.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';

/** A tool that keeps objects as Git has them. */
export interface GitOpsTool {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  /** How it applies; given to kubectl. */
  readonly flags: readonly string[];
}

/** kustomize-controller: labels its objects, and applies on the server, by force. */
export function fluxTool(objects: readonly KubeObject[]): GitOpsTool {
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'mesh', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
  return {
    name: 'Flux',
    objects: objects.map((object) => withMetadata(object, { labels })),
    flags: ['--server-side', '--force-conflicts', '--field-manager=kustomize-controller'],
  };
}

/** Argo CD with its defaults: tracks by annotation, and applies on the client, which keeps what it applied last. */
export function argoTool(objects: readonly KubeObject[]): GitOpsTool {
  const id = (object: KubeObject): string =>
    `mesh:${object.apiVersion.split('/')[0]}/${object.kind}:${object.metadata.namespace}/${object.metadata.name}`;
  return {
    name: 'Argo CD',
    objects: objects.map((object) =>
      withMetadata(object, { annotations: { 'argocd.argoproj.io/tracking-id': id(object) } }),
    ),
    flags: ['--server-side=false', '--field-manager=argocd-controller'],
  };
}

function withMetadata(object: KubeObject, added: Record<string, Record<string, string>>): KubeObject {
  const { metadata } = object;
  const merged = Object.entries(added).map(([key, value]) => [key, { ...(metadata[key] as object), ...value }]);
  return { ...object, metadata: { ...metadata, ...(Object.fromEntries(merged) as object) } };
}

/** Applies all that the tool holds. Rejects with what the API server says, a conflict among it. */
export async function sync(kubectl: Kubectl, tool: GitOpsTool): Promise<void> {
  await kubectl(['apply', ...tool.flags, '-f', '-'], asList(tool.objects));
}

/**
 * What an apply would change, as the tool finds it out: by a dry run, whose answer is compared with what is there. What
 * somebody changes between the two reads is looked at again.
 */
export async function findDifferences(kubectl: Kubectl, tool: GitOpsTool): Promise<string[]> {
  const input = asList(tool.objects);
  for (;;) {
    const live = readItems(await kubectl(['get', '-f', '-', '-o', 'json'], input));
    const dry = readItems(await kubectl(['apply', ...tool.flags, '--dry-run=server', '-o', 'json', '-f', '-'], input));
    if (live.some((object, index) => versionOf(object) !== versionOf(dry[index]))) continue;
    return dry.flatMap((object, index) => {
      const name = `${object.kind} ${object.metadata.name}`;
      return differing(asApplied(live[index]), asApplied(object), name);
    });
  }
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

function differing(a: unknown, b: unknown, path: string): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return [path];
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differing(left[key], right[key], `${path}.${key}`),
  );
}
