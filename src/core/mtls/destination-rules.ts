import type { DestinationRule, Subset } from '../../api/networking/destination-rule.ts';
import type { TrafficPolicy } from '../../api/networking/traffic-policy.ts';
import { toFqdn } from '../analyze/hosts.ts';
import { KIND } from '../analyze/kinds.ts';
import { meshConfigOf, rootNamespaceOf } from '../analyze/mesh-settings.ts';
import { compareAges, specAs, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import { hasLabels, type Labels } from '../label-selector.ts';
import { HostTable } from '../validate/rules/host-table.ts';
import { isReadBy } from './workload.ts';

/** A part of a rule and the resource that it is from: rules for one host are put together. */
export interface Sourced<T> {
  value: T;
  by: Resource;
}

/** What DestinationRules say of a host to a client. */
export interface ChosenRule {
  /** All that it was put together from, the oldest first. */
  from: readonly Resource[];
  trafficPolicy: Sourced<TrafficPolicy> | undefined;
  subsets: readonly Sourced<Subset>[];
  /** The clients of the namespace that it is for; undefined is all. */
  selector: Labels | undefined;
}

/** Who sends. */
export interface RuleClient {
  namespace: string;
  labels: Labels;
}

interface Entry extends ChosenRule {
  from: Resource[];
  subsets: Sourced<Subset>[];
  exportTo: ReadonlySet<string>;
}

type Rules = HostTable<Entry[]>;

const ALL = '*';
const OWN = '.';

/**
 * The DestinationRules of a mesh as clients of one revision get them. istiod looks in the client's namespace, in that of
 * the service, then in the root namespace, and takes of the first that has any the most specific host; rules there for
 * the same host and the same namespaces become one.
 */
export class DestinationRules {
  readonly #root: string;
  readonly #local = new Map<string, Rules>();
  readonly #exported = new Map<string, Rules>();
  /** Those of the root namespace for itself alone. */
  readonly #ofRoot: Rules = new HostTable();

  constructor(world: World, revision: string | undefined) {
    this.#root = rootNamespaceOf(world);
    const isPrivateByDefault = meshConfigOf(world).defaultDestinationRuleExportTo?.includes(OWN) ?? false;
    const rules = world.list(KIND.destinationRule).filter((rule) => isReadBy(rule, revision));
    for (const rule of rules.sort(compareRules)) this.#add(rule, isPrivateByDefault);
  }

  /** The rule for a host of a service in a namespace, as a client uses it. */
  find(host: string, serviceNamespace: string, client: RuleClient): ChosenRule | undefined {
    return chooseFor(client, this.#entriesFor(host, serviceNamespace, client.namespace));
  }

  #entriesFor(host: string, serviceNamespace: string, clientNamespace: string): readonly Entry[] {
    const own = clientNamespace === this.#root ? this.#ofRoot : this.#local.get(clientNamespace);
    // The first namespace that has a rule for the host decides, even where it is for other clients.
    const local = mostSpecific(own, host);
    if (local.length > 0) return local;
    for (const namespace of [serviceNamespace, this.#root]) {
      const visible = mostSpecific(this.#exported.get(namespace), host).filter(
        ({ exportTo }) => exportTo.size === 0 || exportTo.has(ALL) || exportTo.has(clientNamespace),
      );
      if (visible.length > 0) return visible;
    }
    return [];
  }

  #add(resource: Resource, isPrivateByDefault: boolean): void {
    const { namespace } = resource;
    const exportTo = audienceOf(resource);
    const isOwn = exportTo.has(OWN) || exportTo.has(namespace);
    if (exportTo.size === 0 || exportTo.has(ALL) || isOwn) merge(rulesIn(this.#local, namespace), resource, exportTo);
    const isPrivate = exportTo.size === 0 ? isPrivateByDefault : exportTo.size === 1 && isOwn;
    if (!isPrivate) merge(rulesIn(this.#exported, namespace), resource, exportTo);
    else if (namespace === this.#root) merge(this.#ofRoot, resource, exportTo);
  }
}

/** Rules for some clients come first, then the oldest. */
function compareRules(a: Resource, b: Resource): number {
  const rank = (rule: Resource): number => (specAs<DestinationRule>(rule).workloadSelector ? 0 : 1);
  return rank(a) - rank(b) || compareAges(a, b);
}

/** A rule for some clients is for its own namespace, whatever it says. */
function audienceOf(resource: Resource): ReadonlySet<string> {
  const { exportTo = [], workloadSelector } = specAs<DestinationRule>(resource);
  return new Set(workloadSelector ? [OWN] : exportTo);
}

function rulesIn(byNamespace: Map<string, Rules>, namespace: string): Rules {
  let rules = byNamespace.get(namespace);
  if (!rules) byNamespace.set(namespace, (rules = new HostTable()));
  return rules;
}

function mostSpecific(rules: Rules | undefined, host: string): readonly Entry[] {
  if (!rules) return [];
  const [widest = host] = rules.named(host).length > 0 ? [] : rules.wildcardsOver(host);
  return rules.named(widest)[0] ?? [];
}

function chooseFor({ namespace, labels }: RuleClient, entries: readonly Entry[]): ChosenRule | undefined {
  const special = entries.find(
    ({ selector, from }) => selector && from.at(-1)?.namespace === namespace && hasLabels(labels, selector),
  );
  return special ?? entries.findLast(({ selector }) => !selector);
}

function merge(rules: Rules, resource: Resource, exportTo: ReadonlySet<string>): void {
  const spec = specAs<DestinationRule>(resource);
  const host = toFqdn(spec.host ?? '', resource.namespace);
  const entries = rules.named(host)[0];
  const entry: Entry = {
    from: [resource],
    trafficPolicy: spec.trafficPolicy && { value: spec.trafficPolicy, by: resource },
    subsets: (spec.subsets ?? []).map((value) => ({ value, by: resource })),
    selector: spec.workloadSelector && (spec.workloadSelector.matchLabels ?? {}),
    exportTo,
  };
  if (!entries) rules.add(host, [entry]);
  else if (standsAlone(entries, entry)) entries.push(entry);
}

/** Puts a rule into those for the same host where istiod does; true where it must stand beside them too. */
function standsAlone(entries: readonly Entry[], added: Entry): boolean {
  let isAlone = true;
  for (const entry of entries) {
    const isSame = isEqual(entry.exportTo, added.exportTo);
    const isWider = entry.exportTo.size > 0 && [...entry.exportTo].every((each) => added.exportTo.has(each));
    isAlone = !isSame;
    if (!isSame && !isWider) continue;
    const areSelecting = entry.selector !== undefined && added.selector !== undefined;
    if (areSelecting && !haveEqualLabels(entry.selector, added.selector)) {
      isAlone = true;
      continue;
    }
    if (areSelecting || (!entry.selector && !added.selector)) isAlone = false;
    mergeInto(entry, added);
  }
  return isAlone;
}

/** Of two policies for the whole host, the first one counts; of subsets of one name as well. */
function mergeInto(entry: Entry, added: Entry): void {
  const known = new Set(entry.subsets.map(({ value }) => value.name));
  entry.subsets.push(...added.subsets.filter(({ value }) => !known.has(value.name)));
  entry.trafficPolicy ??= added.trafficPolicy;
  entry.from.push(...added.from);
}

function isEqual(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each));
}

function haveEqualLabels(a: Labels = {}, b: Labels = {}): boolean {
  return Object.keys(a).length === Object.keys(b).length && hasLabels(a, b);
}
