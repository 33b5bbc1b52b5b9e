import type { MatchNode, RouteMap, RuleNode, ServiceNode, TargetNode, VirtualServiceNode } from './route-map.ts';

/** A request as far as its way hangs on it. */
export interface TracedRequest {
  /** Without a port. */
  host: string;
  /** Begins with a slash. */
  path: string;
}

/** What became of one rule. */
export interface RuleVerdict {
  virtualService: string;
  rule: RuleNode;
  /** `taken`: it decides. `perhaps`: it does if what `why` names holds too; the next ones count otherwise. */
  verdict: 'taken' | 'perhaps' | 'passed over';
  why: string;
}

/** The way of a request from one entrance. */
export interface Trace {
  /** `namespace/name` of a Gateway, or `mesh` for callers with a sidecar. */
  entrance: string;
  /** Ports of the gateway that serve the host. */
  ports: string[];
  rules: RuleVerdict[];
  /** Where rules that are or may be taken lead. */
  targets: (TargetNode & { service: ServiceNode | undefined; isCertain: boolean })[];
}

const MESH = 'mesh';

/** Why a request gets where it does, from every entrance that knows its host; none where nobody does. */
export function traceRequest(map: RouteMap, request: TracedRequest): Trace[] {
  const entrances = [
    ...map.gateways.map(({ name, servers }) => ({
      entrance: name,
      ports: servers
        .filter(({ hosts }) => hosts.some((host) => covers(host, request.host)))
        .map(({ port, protocol }) => `${port} ${protocol}`),
    })),
    { entrance: MESH, ports: [] },
  ];
  return entrances
    .filter(({ entrance, ports }) => entrance === MESH || ports.length > 0)
    .map((each) => traceFrom(map, request, each))
    .filter(({ entrance, rules }) => entrance !== MESH || rules.length > 0);
}

function traceFrom(map: RouteMap, request: TracedRequest, at: Pick<Trace, 'entrance' | 'ports'>): Trace {
  const rules = judgeRules(chooseByHost(map, request.host, at.entrance), request, at.entrance);
  const services = new Map(map.services.map((service) => [service.host, service]));
  const targets = rules
    .filter(({ verdict }) => verdict !== 'passed over')
    .flatMap(({ rule, verdict }) =>
      rule.targets.map((target) => ({
        ...target,
        service: services.get(target.host),
        isCertain: verdict === 'taken',
      })),
    );
  return { ...at, rules, targets };
}

/** Of an entrance, the VirtualServices with the most exact host that stands for the request's. */
function chooseByHost(map: RouteMap, host: string, entrance: string): VirtualServiceNode[] {
  const found = map.virtualServices
    .filter(({ gateways }) => gateways.includes(entrance))
    .flatMap((virtualService) => {
      const lengths = virtualService.hosts.filter((each) => covers(each, host)).map(exactness);
      return lengths.length === 0 ? [] : [{ virtualService, exactness: Math.max(...lengths) }];
    });
  const best = Math.max(...found.map((each) => each.exactness));
  return found.filter((each) => each.exactness === best).map(({ virtualService }) => virtualService);
}

/** Callers in the mesh write a service in short as well. */
function covers(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return host.endsWith(pattern.slice(1)) && host.length >= pattern.length;
  return pattern === host || shortNames(pattern).includes(host);
}

function shortNames(pattern: string): string[] {
  const [name, namespace, svc] = pattern.split('.');
  return svc === 'svc' ? [`${name}.${namespace}`, `${name}.${namespace}.svc`] : [];
}

function exactness(pattern: string): number {
  return pattern.startsWith('*') ? pattern.length : Number.MAX_SAFE_INTEGER;
}

function judgeRules(chosen: readonly VirtualServiceNode[], { path }: TracedRequest, entrance: string): RuleVerdict[] {
  const verdicts: RuleVerdict[] = [];
  let isDecided = false;
  for (const { name, rules } of chosen) {
    for (const rule of rules) {
      const judged: Judged = isDecided ? AFTER : judge(rule, path, entrance);
      isDecided ||= judged.verdict === 'taken';
      verdicts.push({ virtualService: name, rule, ...judged });
    }
  }
  return verdicts;
}

type Judged = Pick<RuleVerdict, 'verdict' | 'why'>;

const AFTER: Judged = { verdict: 'passed over', why: 'an earlier rule takes the request' };

function judge({ matches }: RuleNode, path: string, entrance: string): Judged {
  if (matches.length === 0) return { verdict: 'taken', why: 'it takes every request' };
  const judged = matches.map((match) => judgeMatch(match, path, entrance));
  const taken = judged.find(({ verdict }) => verdict === 'taken');
  if (taken) return taken;
  const perhaps = judged.filter(({ verdict }) => verdict === 'perhaps');
  const those = perhaps.length > 0 ? perhaps : judged;
  return { verdict: perhaps.length > 0 ? 'perhaps' : 'passed over', why: those.map(({ why }) => why).join('; or ') };
}

function judgeMatch(match: MatchNode, path: string, entrance: string): Judged {
  const { gateways, others, path: wanted } = match;
  if (gateways && !gateways.includes(entrance))
    return { verdict: 'passed over', why: `it is for ${gateways.join(', ')}` };
  const said = wanted ? `path ${wanted.how} ${wanted.value}` : 'any path';
  if (wanted && wanted.how !== 'regex' && !isPath(wanted, path, match.ignoresCase)) {
    return { verdict: 'passed over', why: `${said} is another` };
  }
  // Expressions are RE2's, which a browser does not have.
  const open = [...(wanted?.how === 'regex' ? [`the path is like ${wanted.value}`] : []), ...others];
  return open.length === 0
    ? { verdict: 'taken', why: said }
    : { verdict: 'perhaps', why: `${wanted?.how === 'regex' ? '' : `${said}, `}if ${open.join(' and ')}` };
}

function isPath({ how, value }: NonNullable<MatchNode['path']>, path: string, ignoresCase: boolean): boolean {
  const [one, other] = ignoresCase ? [value.toLowerCase(), path.toLowerCase()] : [value, path];
  return how === 'exact' ? one === other : other.startsWith(one);
}
