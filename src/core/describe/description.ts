import { levelOf, type Level, type Message } from '../analyze/messages.ts';
import { friendlyName, type Resource } from '../analyze/resource.ts';
import type { AppliedGateway } from './gateways.ts';
import type { AppliedPolicy, Reach } from './policies.ts';
import type { AppliedRoute } from './routes.ts';

// What descriptions have in common, as plain data: resources by `Kind namespace/name`.

export interface PolicyRow {
  resource: string;
  reach: Reach;
  says: string;
  /** Of a service: for how many of its pods it holds. */
  pods?: number;
  of?: number;
}

export interface RouteRow {
  resource: string;
  hosts: readonly string[];
  gateways: readonly string[];
  routes: readonly string[];
}

export interface GatewayRow {
  resource: string;
  servers: readonly string[];
  pods: number;
}

export interface ProblemRow {
  code: string;
  level: Level;
  resource: string;
  path: string;
  message: string;
}

/** What leads to a pod or service, what holds for it, and what is wrong with all that. */
export interface CommonParts {
  policies: PolicyRow[];
  routes: RouteRow[];
  gateways: GatewayRow[];
  problems: ProblemRow[];
}

/** The parts before they are rows. */
export interface FoundParts {
  policies: readonly AppliedPolicy[];
  routes: readonly AppliedRoute[];
  gateways: readonly AppliedGateway[];
  problems: readonly Message[];
}

export function partRows({ policies, routes, gateways, problems }: FoundParts): CommonParts {
  return {
    policies: policies.map(({ resource, ...rest }) => ({ resource: friendlyName(resource), ...rest })),
    routes: routes.map(({ resource, ...rest }) => ({ resource: friendlyName(resource), ...rest })),
    gateways: gateways.map(({ resource, ...rest }) => ({ resource: friendlyName(resource), ...rest })),
    problems: problems.map((message) => ({
      code: message.code,
      level: levelOf(message),
      resource: friendlyName(message.resource),
      path: message.path,
      message: message.text,
    })),
  };
}

/** The resources of parts: problems are looked for with them. */
export function resourcesOf({ policies, routes, gateways }: Omit<FoundParts, 'problems'>): Resource[] {
  return [...policies, ...routes, ...gateways].map(({ resource }) => resource);
}
