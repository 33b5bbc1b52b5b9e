import { KIND } from '../analyze/kinds.ts';
import { meshConfigOf } from '../analyze/mesh-settings.ts';
import type { Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import { groupBy } from '../group-by.ts';
import { hasLabels } from '../label-selector.ts';
import { clientSetting, type ClientSetting } from './client-mode.ts';
import { destinationsOf, type Destination, type DestinationPort } from './destination.ts';
import { DestinationRules, type ChosenRule, type RuleClient } from './destination-rules.ts';
import { ServerModes, type EffectiveMode } from './server-mode.ts';
import { sidecarScopeOf, type SidecarScope } from './sidecar-scope.ts';
import { judgeConnection, judgeOutside, type Verdict } from './verdict.ts';
import { wireTo, type AutomaticMtls, type Endpoint, type Wire } from './wire.ts';
import { portOf, workloadsOf, type Carrier, type Workload } from './workload.ts';

/** What goes from a client to some pods of a port of a service, all of which treat it alike. */
export interface TlsCheck extends Verdict {
  host: string;
  port: number;
  /** Of a DestinationRule: where clients connect to it otherwise than to the host. */
  subset?: string;
  server: CheckedServer;
  client: CheckedClient;
}

/** The pods of one row. */
export interface CheckedServer extends Partial<EffectiveMode> {
  carrier: Carrier | 'outside' | 'unknown';
  pods: number;
  /** How many pods the service has, of this subset. */
  of: number;
}

/** What is sent. */
export interface CheckedClient {
  wire: Wire | 'refused';
  setting: ClientSetting;
  /** Nobody set it: automatic mutual TLS. */
  isAutomatic: boolean;
  /** The Sidecar that hides the service. */
  hiddenBy?: Resource;
  isHidden: boolean;
}

/** A pod of a service as one port reaches it. */
interface Reached {
  workload: Workload;
  /** Of the pod; undefined where no container has a port of that name. */
  port: number | undefined;
  mode: EffectiveMode;
}

/** What mutual TLS does in a mesh; indexes are made once. */
export class TlsChecker {
  readonly workloads: readonly Workload[];
  readonly destinations: readonly Destination[];
  readonly modes: ServerModes;
  readonly #world: World;
  readonly #byNamespace: ReadonlyMap<string, Workload[]>;
  readonly #rules = new Map<string | undefined, DestinationRules>();
  readonly #isAutomatic: boolean;

  constructor(world: World) {
    this.#world = world;
    this.workloads = workloadsOf(world);
    this.destinations = destinationsOf(world);
    this.modes = new ServerModes(world);
    this.#byNamespace = groupBy(this.workloads, ({ namespace }) => namespace);
    this.#isAutomatic = meshConfigOf(world).enableAutoMtls !== false;
  }

  /** The rule that a client uses for a host. */
  ruleFor({ host, namespace }: Destination, client: RuleClient & Pick<Workload, 'revision'>): ChosenRule | undefined {
    const { revision } = client;
    let rules = this.#rules.get(revision);
    if (!rules) this.#rules.set(revision, (rules = new DestinationRules(this.#world, revision)));
    return rules.find(host, namespace, client);
  }

  /** The pods of a service. */
  podsOf({ namespace, selector }: Destination): Workload[] {
    if (!selector) return [];
    return (this.#byNamespace.get(namespace) ?? []).filter(({ labels }) => hasLabels(labels, selector));
  }

  /** Every port of the services, as a client reaches it. */
  check(client: Workload, destinations: readonly Destination[] = this.destinations): TlsCheck[] {
    const scope = sidecarScopeOf(this.#world, client);
    return destinations.flatMap((destination) => {
      const pods = this.podsOf(destination);
      const rule = client.carrier === 'none' ? undefined : this.ruleFor(destination, client);
      return destination.ports.flatMap((port) => this.#checkPort({ client, scope, destination, pods, rule }, port));
    });
  }

  #checkPort(call: Call, port: DestinationPort): TlsCheck[] {
    const { client, scope, destination, pods, rule } = call;
    if (client.carrier !== 'none' && !scope.knows(destination, port.number)) {
      return scope.refusesUnknown
        ? [refusedRow(call, port)]
        : this.#checkAim(call, port, { setting: {}, isHidden: true });
    }
    const whole = this.#checkAim(call, port, { setting: clientSetting(rule, { port: port.number }) });
    const parts = (rule?.subsets ?? []).flatMap(({ value: { name = '', labels = {} } }) => {
      const setting = clientSetting(rule, { port: port.number, subset: name });
      const chosen = pods.filter((pod) => hasLabels(pod.labels, labels));
      const rows = this.#checkAim({ ...call, pods: chosen }, port, { setting, subset: name });
      return rows.some((row) => !whole.some((each) => isAlike(row, each))) ? rows : [];
    });
    return [...whole, ...parts];
  }

  #checkAim(call: Call, port: DestinationPort, aim: Aimed): TlsCheck[] {
    const { destination, pods } = call;
    const ofNamespace = this.modes.ofNamespace(destination.namespace, call.client.revision);
    const auto: AutomaticMtls = {
      isOn: this.#isAutomatic && !destination.isExternal,
      ofNamespace: ofNamespace.mode,
      isDirect: destination.isDirect,
      allAnnounce: pods.length > 0 && pods.every(({ announcesMtls }) => announcesMtls),
    };
    const reached = pods.map((workload): Reached => {
      const target = portOf(workload, port.target);
      return { workload, port: target, mode: this.modes.of(workload, target) };
    });
    if (reached.length === 0) return [emptyRow({ ...call, auto, ofNamespace }, port, aim)];
    const rows = reached.map((pod) => podRow({ ...call, auto, ofNamespace }, { port, aim, pod }));
    return [...groupBy(rows, keyOf).values()].map((alike) => ({
      ...(alike[0] as TlsCheck),
      server: { ...(alike[0] as TlsCheck).server, pods: alike.length, of: reached.length },
    }));
  }
}

interface Call {
  client: Workload;
  scope: SidecarScope;
  destination: Destination;
  pods: readonly Workload[];
  rule: ChosenRule | undefined;
}

interface JudgedCall extends Call {
  auto: AutomaticMtls;
  ofNamespace: EffectiveMode;
}

interface Aimed {
  setting: ClientSetting;
  subset?: string;
  /** The client does not know the service, and sends what it has as it is. */
  isHidden?: boolean;
}

function podRow(call: JudgedCall, at: { port: DestinationPort; aim: Aimed; pod: Reached }): TlsCheck {
  const { port, aim, pod } = at;
  const { workload, mode } = pod;
  const client = clientOf(call, at, { workload, mode: mode.mode });
  // Who has no proxy at the port takes whatever comes: no policy is for it.
  const carrier = pod.port !== undefined && workload.goesPast('in', pod.port) ? 'none' : workload.carrier;
  return {
    ...placeOf(call.destination, port, aim),
    ...judgeConnection({ carrier, mode: mode.mode, protocol: port.protocol }, client.wire),
    server: { carrier, pods: 1, of: 1, ...(carrier === 'sidecar' || carrier === 'ambient' ? mode : {}) },
    client,
  };
}

/** Nobody is known that serves there. */
function emptyRow(call: JudgedCall, port: DestinationPort, aim: Aimed): TlsCheck {
  const { destination, ofNamespace } = call;
  const client = clientOf(call, { port, aim }, { workload: undefined, mode: ofNamespace.mode });
  const verdict: Verdict = destination.isExternal
    ? judgeOutside(client.wire)
    : { status: 'NONE', why: whyEmpty(destination, aim) };
  return {
    ...placeOf(destination, port, aim),
    ...verdict,
    server: { carrier: destination.isExternal ? 'outside' : 'unknown', pods: 0, of: 0 },
    client,
  };
}

function clientOf(
  { client, auto, scope }: JudgedCall,
  { port, aim }: { port: DestinationPort; aim: Aimed },
  endpoint: Endpoint,
): CheckedClient & { wire: Wire } {
  const { setting, isHidden = false } = aim;
  const isPast = isHidden || client.goesPast('out', port.number);
  const sent = isPast ? { wire: 'plain' as const, isAutomatic: false } : wireTo(client, setting, auto, endpoint);
  return { ...sent, setting, isHidden, ...(isHidden && scope.by ? { hiddenBy: scope.by } : {}) };
}

function whyEmpty({ selector, resource }: Destination, { subset }: Aimed): string {
  if (subset !== undefined) return `no pod is in subset ${subset}`;
  if (selector) return 'the service selects no pod';
  return resource.kind === KIND.service ? 'the service has no selector' : 'its workloads are no pods';
}

function refusedRow({ scope, destination, client, pods }: Call, port: DestinationPort): TlsCheck {
  return {
    ...placeOf(destination, port, {}),
    status: 'NONE',
    why: `${client.name} does not know the service, and calls to it are refused`,
    server: { carrier: 'unknown', pods: pods.length, of: pods.length },
    client: {
      wire: 'refused',
      setting: {},
      isAutomatic: false,
      isHidden: true,
      ...(scope.by ? { hiddenBy: scope.by } : {}),
    },
  };
}

function placeOf(
  { host }: Destination,
  { number }: DestinationPort,
  { subset }: Pick<Aimed, 'subset'>,
): Pick<TlsCheck, 'host' | 'port' | 'subset'> {
  return { host, port: number, ...(subset === undefined ? {} : { subset }) };
}

function keyOf({ server, client, status }: TlsCheck): string {
  const { carrier, mode, by, path } = server;
  return JSON.stringify([carrier, mode, by?.namespace, by?.name, path, client.wire, status]);
}

/** Whether a subset is reached as the host is: by the same setting with the same end. */
function isAlike(a: TlsCheck, b: TlsCheck): boolean {
  return (
    keyOf(a) === keyOf(b) &&
    a.client.setting.by === b.client.setting.by &&
    a.client.setting.path === b.client.setting.path
  );
}
