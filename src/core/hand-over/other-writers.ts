import { displayName, isJsonObject, refOf, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import { printed } from '../values/value-tree.ts';

/** Somebody who goes on writing what is to be handed over. */
export interface OtherWriter {
  /** `HelmRelease mesh/istiod of Flux`. */
  who: string;
  /** Names of the objects that it writes. */
  objects: string[];
  /** How to stop it, as an imperative. */
  remedy: string;
}

type Mark = (object: KubeObject, parents: SailParents) => Pick<OtherWriter, 'who' | 'remedy'> | undefined;

/** The resource that a person wrote, by the names of the IstioRevisions that the Sail operator made of it. */
export type SailParents = ReadonlyMap<string, string>;

const FLUX = [
  ['helm.toolkit.fluxcd.io', 'HelmRelease', 'helmrelease'],
  ['kustomize.toolkit.fluxcd.io', 'Kustomization', 'kustomization'],
] as const;
const ARGO_TRACKING = 'argocd.argoproj.io/tracking-id';
const ARGO_INSTANCE = 'argocd.argoproj.io/instance';
const SAIL_GROUP = /^sailoperator\.io\//;

/** How each of them marks what it writes. */
const MARKS: readonly Mark[] = [...FLUX.map(markOfFlux), markOfArgo, markOfSail];

/**
 * Who else writes these objects, by the marks that each leaves on what it writes. Two writers of one object undo each
 * other's work, so they are to be stopped before the first write.
 */
export function findOtherWriters(objects: readonly KubeObject[], parents: SailParents = new Map()): OtherWriter[] {
  const found = new Map<string, OtherWriter>();
  for (const object of objects) {
    for (const mark of MARKS) {
      const writer = mark(object, parents);
      if (!writer) continue;
      const known = found.get(writer.who) ?? { ...writer, objects: [] };
      known.objects.push(displayName(refOf(object)));
      found.set(writer.who, known);
    }
  }
  return [...found.values()].sort((a, b) => (a.who < b.who ? -1 : 1));
}

/** One sentence for each. */
export function describeWriter({ who, objects, remedy }: OtherWriter): string {
  return `${who} still writes ${listSome(objects)}: ${remedy}`;
}

function markOfFlux([group, kind, word]: (typeof FLUX)[number]): Mark {
  return ({ metadata: { labels = {} } }) => {
    const name = labels[`${group}/name`];
    const namespace = labels[`${group}/namespace`];
    if (name === undefined || namespace === undefined) return undefined;
    return {
      who: `${kind} ${namespace}/${name} of Flux`,
      remedy: `run "flux suspend ${word} ${name} -n ${namespace}"`,
    };
  };
}

function markOfArgo({ metadata: { labels = {}, annotations = {} } }: KubeObject): ReturnType<Mark> {
  const name = annotations[ARGO_TRACKING]?.split(':')[0] ?? labels[ARGO_INSTANCE];
  if (name === undefined) return undefined;
  return {
    who: `Application ${name} of Argo CD`,
    remedy: 'turn off its automated sync, and later delete it without its resources',
  };
}

function markOfSail(object: KubeObject, parents: SailParents): ReturnType<Mark> {
  const owner = sailOwnerOf(object);
  if (!owner) return undefined;
  const parent = owner.kind === SAIL_REVISION ? parents.get(owner.name) : undefined;
  const named = `${owner.kind} ${owner.name}`;
  const who = parent === undefined ? named : `Istio ${parent} (by ${named})`;
  const orphaned = parent === undefined ? 'this resource' : 'both resources';
  return {
    who: `${who} of the Sail operator`,
    remedy: `scale the Sail operator to 0, and delete ${orphaned} with --cascade=orphan afterwards`,
  };
}

/** Kind of what the Sail operator makes of an Istio resource, one for each control plane. */
export const SAIL_REVISION = 'IstioRevision';

/** The resource of the Sail operator that an object belongs to. */
export function sailOwnerOf({
  metadata,
}: Pick<KubeObject, 'metadata'>): { apiVersion: string; kind: string; name: string } | undefined {
  const references = metadata['ownerReferences'];
  const owner = (Array.isArray(references) ? references : [])
    .filter(isJsonObject)
    .find(({ apiVersion }) => SAIL_GROUP.test(printed(apiVersion)));
  if (!owner) return undefined;
  return { apiVersion: printed(owner['apiVersion']), kind: printed(owner['kind']), name: printed(owner['name']) };
}
