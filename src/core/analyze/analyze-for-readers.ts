import { istioKind } from '../../api/istio-kinds.ts';
import { REVISION_LABEL } from '../../api/istio-names.ts';
import { distinctReleases, findReleasesFor, mergeSayings, type ResourceReader } from '../istio/readers.ts';
import type { IstioRelease } from '../istio/release.ts';
import { analyzeWorld, compareMessages } from './analyze.ts';
import type { Analyzer } from './analyzer.ts';
import { ANALYZERS } from './analyzers/index.ts';
import { KIND } from './kinds.ts';
import type { Message } from './messages.ts';
import { identityOf, type Resource } from './resource.ts';
import { MutableWorld, type Surroundings } from './world.ts';

/** By whom resources are read, and what is looked for. */
export interface ReadersAnalysis {
  surroundings: Surroundings;
  /** Without any, the release of the surroundings counts. */
  readers?: readonly ResourceReader[];
  analyzers?: readonly Analyzer[];
}

/**
 * Analyzes resources by the releases that read each of them: all are looked at together once for each release. What not
 * all of a resource's releases say names those that do.
 */
export function analyzeForReaders(
  resources: Iterable<Resource>,
  { surroundings, readers = [], analyzers = ANALYZERS }: ReadersAnalysis,
): Message[] {
  const all = [...resources];
  const releases = distinctReleases(readers);
  if (releases.length < 2) {
    const [release = surroundings.release] = releases;
    return analyzeWorld(new MutableWorld(all, release ? { ...surroundings, release } : surroundings), analyzers);
  }
  const releasesOf = readBy(all, readers);
  const found = releases.map((release) => {
    const messages = analyzeWorld(new MutableWorld(all, { ...surroundings, release }), analyzers);
    const isRead = ({ resource }: Message): boolean =>
      releasesOf(resource).some(({ traits }) => traits === release.traits);
    return [release, messages.filter(isRead)] as const;
  });
  return mergeMessages(found, ({ resource }) => releasesOf(resource).length).sort(compareMessages);
}

/** Of what is not Istio's configuration, the namespace may say which revision has to do with it. */
function readBy(
  resources: readonly Resource[],
  readers: readonly ResourceReader[],
): (resource: Resource) => readonly IstioRelease[] {
  const ofNamespace = new Map(
    resources.flatMap(({ kind, name, labels }) => (kind === KIND.namespace ? [[name, labels[REVISION_LABEL]]] : [])),
  );
  return ({ kind, labels, namespace }) => {
    const [group = '', name = ''] = kind.split('/');
    const inherited = istioKind(group, name) ? undefined : ofNamespace.get(namespace);
    return findReleasesFor(readers, { revision: labels[REVISION_LABEL] ?? inherited, namespace });
  };
}

/** What is found for several releases, each thing once; `count` says how many releases read the resource. */
export function mergeMessages(
  found: readonly (readonly [IstioRelease, readonly Message[]])[],
  count?: (message: Message) => number,
): Message[] {
  return mergeSayings(found, keyOf, count).map(({ item, only }) =>
    only === undefined ? item : { ...item, text: `${item.text} (so Istio ${only})` },
  );
}

function keyOf({ code, path, text, resource }: Message): string {
  return [code, identityOf(resource), path, text].join(' ');
}
