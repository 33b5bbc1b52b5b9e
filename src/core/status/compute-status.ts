import type { InventoryEntry, IstioOperatorStatus, PlanStatus } from '../../api/install/istio-operator-status.ts';
import type { StatusCondition } from '../../api/status-condition.ts';
import type { ProxyCount } from '../inject/count-proxies.ts';
import { findRelease } from '../istio/find-release.ts';
import { newerThan } from '../istio/registry.ts';
import { installedRelease } from '../istio/installed-release.ts';
import { boundText } from './bound-text.ts';
import { computeComponentStatuses, computeOverallState, type ComponentObservation } from './component-status.ts';
import { VERSION_CONDITION_TYPES, WEBHOOK_CONDITION_TYPES } from '../../api/install/conditions.ts';
import { computeConditions, type Summary } from './conditions.ts';
import { computeRestrainedConditions, computeRestraints, type ObservedRestraints } from './restraint.ts';
import { computeInjectionConditions, type ObservedInjection } from './injection-conditions.ts';
import { computeVersionConditions } from './version-conditions.ts';
import { computeWebhookConditions, type ObservedWebhook } from './webhook-conditions.ts';

/** All that a status is made of. */
export interface StatusInput {
  observations: readonly ComponentObservation[];
  /** What stands above the components: invalid input, a pause, a deletion. */
  override?: Summary;
  inventory: readonly InventoryEntry[];
  /** Webhook configurations that call this operator; when not looked at, what was known of them stands. */
  webhooks?: readonly ObservedWebhook[];
  /** What is wrong with injection; the same holds. */
  injection?: ObservedInjection;
  /** What annotations keep the operator from; the same holds. */
  restraints?: ObservedRestraints;
  /** Fields of our objects that others set; when not looked at, what was known stands. */
  foreignFields?: number;
  /** Null where there is no plan any more; the same holds. */
  plan?: PlanStatus | null;
  /** Pods with a proxy of this revision; the same holds. */
  proxies?: readonly ProxyCount[];
  revision?: string;
  version?: string;
  /** Name of the release that was rendered and is applied; when nothing was, what was known stands. */
  release?: string;
  /** Environment variables that the resource sets; read with the release. */
  variables?: readonly string[];
  generation: number;
  /** All that the generation asks for was written. */
  isApplied?: boolean;
  previous: IstioOperatorStatus;
  /** RFC 3339; used only where a condition changes. */
  now: string;
}

/** The whole status of an IstioOperator, computed anew in every pass. */
export function computeStatus(input: StatusInput): IstioOperatorStatus {
  const { inventory, generation } = input;
  const componentStatus = computeComponentStatuses(input.observations);
  const summary = input.override ?? summarize(input.observations);
  return {
    status: overallState(summary, Object.values(componentStatus)),
    ...(summary.message && summary.state !== 'installed' ? { message: boundText(summary.message, 4096) } : {}),
    componentStatus,
    conditions: [
      ...mainConditions(summary, input),
      ...computeRestraints(input),
      ...webhookConditions(input),
      ...injectionConditions(input),
      ...versionConditions(input),
    ],
    observedGeneration: generation,
    ...factsOf(input),
    inventory: [...inventory],
  };
}

/** What the owner keeps from being written says nothing of what runs. */
function mainConditions(summary: Summary, input: StatusInput): StatusCondition[] {
  const { override, previous, generation, now } = input;
  return override?.state === 'restrained'
    ? computeRestrainedConditions(summarize(input.observations), { override, previous, generation, now })
    : computeConditions(summary, previous.conditions ?? [], { generation, now });
}

/** What was not looked at stands as it was known. */
function factsOf({
  previous,
  revision,
  version,
  release,
  foreignFields,
  proxies,
  plan,
  generation,
  isApplied,
}: StatusInput): Partial<IstioOperatorStatus> {
  const facts = {
    appliedGeneration: isApplied ? generation : previous.appliedGeneration,
    revision: revision ?? previous.revision,
    version: version ?? previous.version,
    istioVersion: release === undefined ? previous.istioVersion : findRelease(release).version.minor,
    previousRelease: releaseBefore(previous, release),
    plan: plan === undefined ? previous.plan : (plan ?? undefined),
    proxies: proxies ? [...proxies] : previous.proxies,
    foreignFields: foreignFields ?? previous.foreignFields,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** The release to go back to: that before the last step to a newer minor. A step back changes nothing of it. */
function releaseBefore(previous: IstioOperatorStatus, release: string | undefined): string | undefined {
  const before = installedRelease(previous);
  const isUpgrade = before && release !== undefined && newerThan(before.version).includes(findRelease(release).version);
  return isUpgrade ? before.name : previous.previousRelease;
}

function webhookConditions({ webhooks, override, previous, generation, now }: StatusInput): StatusCondition[] {
  const before = previous.conditions ?? [];
  if (webhooks) return computeWebhookConditions(webhooks, before, { generation, now });
  if (override?.state === 'deleting') return [];
  return before.filter(({ type }) => WEBHOOK_CONDITION_TYPES.some((known) => known === type));
}

function injectionConditions({ injection, override, previous, generation, now }: StatusInput): StatusCondition[] {
  if (override?.state === 'deleting') return [];
  return computeInjectionConditions(injection ?? {}, previous.conditions ?? [], { generation, now });
}

function versionConditions({ release, variables = [], ...input }: StatusInput): StatusCondition[] {
  const { override, previous, generation, now } = input;
  const before = previous.conditions ?? [];
  const installed = release === undefined ? undefined : { release: findRelease(release), variables };
  if (installed) return computeVersionConditions(installed, before, { generation, now });
  if (override?.state === 'deleting') return [];
  return before.filter(({ type }) => VERSION_CONDITION_TYPES.some((known) => known === type));
}

function overallState(
  summary: Summary,
  components: Parameters<typeof computeOverallState>[0],
): NonNullable<IstioOperatorStatus['status']> {
  switch (summary.state) {
    case 'stalled':
      return 'ERROR';
    case 'deleting':
      return summary.reason === 'Deleting' ? 'RECONCILING' : 'ERROR';
    default:
      return computeOverallState(components);
  }
}

/** The worst that any component has to tell, with what concerns it in the message. */
function summarize(observations: readonly ComponentObservation[]): Summary {
  const from = (pick: (observed: ComponentObservation) => readonly string[]): string =>
    observations.flatMap((observed) => pick(observed).map((text) => `${observed.component}: ${text}`)).join('; ');
  const inState = (...states: string[]): string =>
    from(({ workloads }) => workloads.filter(({ state }) => states.includes(state)).map(({ message }) => message));
  const withKept = (message: string): string =>
    message === ''
      ? ''
      : joinTexts(
          message,
          from(({ kept }) => (kept === undefined ? [] : [kept])),
        );
  const found: Summary[] = [
    { state: 'stalled', reason: 'Conflict', message: from(({ blocked }) => blocked) },
    { state: 'failing', reason: 'ApplyFailed', message: from(({ errors }) => errors) },
    { state: 'failing', reason: 'FieldsContested', message: from(({ contested }) => contested ?? []) },
    {
      state: 'unknown',
      reason: 'ReadFailed',
      message: joinTexts(
        from(({ unread }) => unread ?? []),
        inState('unknown'),
      ),
    },
    { state: 'failing', reason: 'WaitingForInjector', message: from(({ uninjected }) => uninjected ?? []) },
    { state: 'failing', reason: 'WorkloadNotReady', message: withKept(inState('failed')) },
    {
      state: 'progressing',
      reason: 'Progressing',
      message: joinTexts(
        withKept(inState('progressing', 'missing')),
        from(({ waitingFor }) => (waitingFor ? [waitingFor] : [])),
        inState('growing'),
      ),
    },
  ];
  return (
    found.find(({ message }) => message !== '') ?? {
      state: 'installed',
      reason: 'Installed',
      message: 'every component is applied and runs',
    }
  );
}

function joinTexts(...texts: string[]): string {
  return texts.filter((text) => text !== '').join('; ');
}
