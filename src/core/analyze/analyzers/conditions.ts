import type { Analyzer } from '../analyzer.ts';
import { KIND, type Kind } from '../kinds.ts';
import { message, type Message } from '../messages.ts';
import type { Resource } from '../resource.ts';

interface Condition {
  type?: string;
  status?: string;
  reason?: string;
  message?: string;
}

const WAYPOINT = ['istio.io/WaypointBound'];
const GATEWAY_API = ['Accepted', 'Programmed', 'ResolvedRefs'];

/** Conditions that are bad news when they are false. */
const REPORTED: ReadonlyMap<Kind, readonly string[]> = new Map<Kind, readonly string[]>([
  [KIND.service, WAYPOINT],
  [KIND.serviceEntry, WAYPOINT],
  [KIND.workloadEntry, WAYPOINT],
  [KIND.authorizationPolicy, ['ZtunnelAccepted', 'WaypointAccepted']],
  [KIND.kubernetesGateway, GATEWAY_API],
  [KIND.httpRoute, GATEWAY_API],
  [KIND.grpcRoute, GATEWAY_API],
]);

interface Status {
  conditions?: Condition[];
  parents?: { conditions?: Condition[] }[];
}

function conditionsOf(resource: Resource): Condition[] {
  const status = (resource.status ?? {}) as Status;
  const isRoute = resource.kind === KIND.httpRoute || resource.kind === KIND.grpcRoute;
  if (isRoute) return (status.parents ?? []).flatMap(({ conditions }) => conditions ?? []);
  return status.conditions ?? [];
}

function isBad(resource: Resource, { type = '', status, reason }: Condition): boolean {
  if (REPORTED.get(resource.kind)?.includes(type) && status === 'False') return true;
  // Accepted in part is told as true.
  return resource.kind === KIND.authorizationPolicy && type === 'WaypointAccepted' && reason === 'PartiallyInvalid';
}

function describe(resource: Resource, condition: Condition): Message {
  const { type = '', reason = '', message: detail = '' } = condition;
  return message(
    'IST0171',
    resource,
    `Condition ${type} is bad: ${reason}${detail ? ` (${detail})` : ''}`,
    'status.conditions',
  );
}

/** Bad news that a controller wrote into the status. */
export const conditions: Analyzer = {
  name: 'conditions.ConditionAnalyzer',
  inputs: [...REPORTED.keys()],
  analyze: (world) =>
    [...REPORTED.keys()]
      .flatMap((kind) => world.list(kind))
      .flatMap((resource) =>
        conditionsOf(resource)
          .filter((condition) => isBad(resource, condition))
          .map((condition) => describe(resource, condition)),
      ),
};
