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

/**
 * The control planes that ConfigMaps belong to, those of minors that are not known left out: who installed them has to
 * judge what they read. The release is the injector's, as for injection; a control plane that does not inject has a
 * mesh configuration alone.
 */
export function findReaders(
  configMaps: readonly KubeObject[],
  listNamespaces: () => readonly KubeObject[],
): ResourceReader[] {
  const planes = groupByControlPlane(configMaps);
  const known = planes.flatMap((plane) => {
    const release = releaseOf(plane);
    return release === undefined ? [] : [{ plane, reader: { revision: plane.revision, release } }];
  });
  const readers = known.map(({ reader }) => reader);
  // Who looks where only matters where they judge otherwise.
  if (distinctReleases(readers).length < 2) return readers;
  return known.map(({ plane, reader }) => {
    const selectors = plane.mesh ? discoverySelectors(plane.mesh) : [];
    if (selectors.length === 0) return reader;
    const isLookedAt = ({ metadata }: KubeObject): boolean =>
      selectors.some((selector) => isSelected(metadata.labels ?? {}, selector));
    const namespaces = listNamespaces().filter(isLookedAt);
    return { ...reader, namespaces: namespaces.map(({ metadata }) => metadata.name) };
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
