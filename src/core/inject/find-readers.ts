import { distinctReleases, type ResourceReader } from '../istio/readers.ts';
import { findVersion } from '../istio/registry.ts';
import { parseRelease } from '../istio/release.ts';
import { isJsonObject, type Json, type KubeObject } from '../kube-object.ts';
import { isSelected, type LabelSelector } from '../label-selector.ts';
import { parseYamlObjects } from '../values/yaml-input.ts';
import { INJECTOR, MESH, revisionIn, VERSION_LABEL } from './control-plane-objects.ts';

/** A control plane by its ConfigMaps. */
interface ConfigMaps {
  revision: string;
  injector?: KubeObject;
  mesh?: KubeObject;
}

/** A control plane of a minor that is known. */
export interface ControlPlane {
  /** Empty for the revision without a name. */
  revision: string;
  /** Name of its release, such as `1.5.2`. */
  release: string;
  /** What selects the namespaces that it looks at; none selects all. */
  selectors: () => readonly LabelSelector[];
}

/** The control planes that ConfigMaps belong to, as those who read Istio's resources. */
export function findReaders(
  configMaps: readonly KubeObject[],
  listNamespaces: () => readonly KubeObject[],
): ResourceReader[] {
  return readersOf(findControlPlanes(configMaps), listNamespaces);
}

/**
 * The control planes that ConfigMaps belong to, those of minors that are not known left out: who installed them has to
 * judge what they read. The release is the injector's, as for injection; a control plane that does not inject has a
 * mesh configuration alone.
 */
export function findControlPlanes(configMaps: readonly KubeObject[]): ControlPlane[] {
  return groupByControlPlane(configMaps).flatMap((plane) => {
    const release = releaseOf(plane);
    const { revision, mesh } = plane;
    return release === undefined
      ? []
      : [{ revision, release, selectors: () => (mesh ? discoverySelectors(mesh) : []) }];
  });
}

/** Control planes as those who read Istio's resources. */
export function readersOf(
  planes: readonly ControlPlane[],
  listNamespaces: () => readonly KubeObject[],
): ResourceReader[] {
  const readers = planes.map(({ revision, release }) => ({ revision, release }));
  // Who looks where only matters where they judge otherwise.
  if (distinctReleases(readers).length < 2) return readers;
  return planes.map(({ revision, release, selectors: read }) => {
    const selectors = read();
    if (selectors.length === 0) return { revision, release };
    const isLookedAt = ({ metadata }: KubeObject): boolean =>
      selectors.some((selector) => isSelected(metadata.labels ?? {}, selector));
    const namespaces = listNamespaces().filter(isLookedAt);
    return { revision, release, namespaces: namespaces.map(({ metadata }) => metadata.name) };
  });
}

function groupByControlPlane(configMaps: readonly KubeObject[]): ConfigMaps[] {
  const planes = new Map<string, ConfigMaps>();
  for (const object of configMaps) {
    const { name, namespace = '' } = object.metadata;
    const injected = revisionIn(name, INJECTOR);
    const revision = injected ?? revisionIn(name, MESH);
    if (revision === undefined) continue;
    const key = `${namespace}/${revision}`;
    planes.set(key, { ...planes.get(key), revision, [injected === undefined ? 'mesh' : 'injector']: object });
  }
  return [...planes.values()];
}

function releaseOf({ injector, mesh }: ConfigMaps): string | undefined {
  return [injector, mesh]
    .map((object) => object?.metadata.labels?.[VERSION_LABEL] ?? '')
    .find((release) => findVersion(parseRelease(release)?.minor ?? ''));
}

/** The text of a mesh configuration is parsed once for each time that it changes. */
const selectorsRead = new WeakMap<KubeObject, readonly LabelSelector[]>();

function discoverySelectors(configMap: KubeObject): readonly LabelSelector[] {
  const known = selectorsRead.get(configMap);
  if (known) return known;
  const { data } = configMap;
  const text = isJsonObject(data) && typeof data['mesh'] === 'string' ? data['mesh'] : '';
  const selectors: Json | undefined = parseYamlObjects(text, [])[0]?.['discoverySelectors'];
  const read = Array.isArray(selectors) ? selectors.filter(isJsonObject) : [];
  selectorsRead.set(configMap, read);
  return read;
}
