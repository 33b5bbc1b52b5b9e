import type { Sidecar } from '../../api/networking/sidecar.ts';
import { KIND } from '../analyze/kinds.ts';
import { meshConfigOf, rootNamespaceOf } from '../analyze/mesh-settings.ts';
import { compareAges, specAs, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import { hasLabels } from '../label-selector.ts';
import type { Destination } from './destination.ts';
import { isReadBy, type Workload } from './workload.ts';

/** Which services a workload knows. */
export interface SidecarScope {
  /** The Sidecar that says it; undefined where it knows all that is exported to its namespace. */
  by: Resource | undefined;
  /** Whether what it does not know is refused; else it is sent as it is. */
  refusesUnknown: boolean;
  knows: (destination: Destination, port: number) => boolean;
}

/** The scope of a workload: of the Sidecar for it, for its namespace, or for the mesh, of two the older one. */
export function sidecarScopeOf(world: World, workload: Workload): SidecarScope {
  const by = workload.carrier === 'sidecar' ? sidecarFor(world, workload) : undefined;
  const { egress = [], outboundTrafficPolicy } = by ? specAs<Sidecar>(by) : {};
  const { mode = 'ALLOW_ANY' } = outboundTrafficPolicy ?? meshConfigOf(world).outboundTrafficPolicy ?? {};
  const listeners = egress.map(({ port, hosts = [] }) => ({ port: port?.number, hosts }));
  const { namespace } = workload;
  return {
    by,
    refusesUnknown: mode === 'REGISTRY_ONLY',
    knows: (destination, port) =>
      isExportedTo(destination, namespace) &&
      (listeners.length === 0 ||
        listeners.some(
          (listener) =>
            (listener.port === undefined || listener.port === port) &&
            listener.hosts.some((pattern) => isNamed(pattern, destination, namespace)),
        )),
  };
}

function sidecarFor(world: World, { namespace, labels, revision }: Workload): Resource | undefined {
  const listIn = (each: string): Resource[] =>
    world
      .listIn(KIND.sidecar, each)
      .filter((resource) => isReadBy(resource, revision))
      .sort(compareAges);
  const wantedLabels = (resource: Resource) => specAs<Sidecar>(resource).workloadSelector?.labels;
  const own = listIn(namespace);
  return (
    own.find((each) => wantedLabels(each) !== undefined && hasLabels(labels, wantedLabels(each))) ??
    [...own, ...listIn(rootNamespaceOf(world))].find((each) => specAs<Sidecar>(each).workloadSelector === undefined)
  );
}

function isExportedTo({ scopes }: Destination, namespace: string): boolean {
  return scopes.includes('*') || scopes.includes(namespace);
}

/** A pattern is `namespace/host`: `.` is the own namespace, `*` all, `~` none. */
function isNamed(pattern: string, { host, namespace }: Destination, own: string): boolean {
  const [scope = '', name = ''] = pattern.split('/');
  if (scope !== '*' && (scope === '.' ? own : scope) !== namespace) return false;
  return name === '*' || name === host || (name.startsWith('*') && host.endsWith(name.slice(1)));
}
