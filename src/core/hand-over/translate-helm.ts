import { groupBy } from '../group-by.ts';
import { values as valuesSchema } from '../../api/install/values/values.ts';
import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { cloneJson, mergeInto } from '../values/merge.ts';
import { getAt, mapAt } from '../values/tree-path.ts';
import { printed } from '../values/value-tree.ts';
import { releaseName, type HelmRelease } from './helm-release.ts';
import type { Translation } from './translation.ts';

/** The charts that one control plane is made of, by the name in the chart. */
type Charts = ReadonlyMap<string, readonly HelmRelease[]>;

/** What a chart's values at the top belong to in an IstioOperator. */
const OWN_VALUES: Readonly<Record<string, string>> = { istiod: 'pilot', cni: 'cni', ztunnel: 'ztunnel' };
/** In the order in which their global values are laid over each other. */
const SHARED = ['base', 'cni', 'ztunnel', 'istiod'] as const;
/** Gateway charts leave the proxy to injection. */
const GATEWAY_TEMPLATE = 'gateway';
const BASE_DEFAULT_REVISION = 'default';

/** The charts of Istio that can be taken over together. */
export const ISTIO_CHARTS: ReadonlySet<string> = new Set([...SHARED, 'gateway']);

/**
 * The resource that stands for releases of Istio's charts: one of istiod, and what goes with it. Values carry over; what
 * a gateway chart renders otherwise is left to overlays, which are made from what is there.
 */
export function translateHelm(releases: readonly HelmRelease[]): Translation {
  const charts: Charts = groupBy(releases, ({ chart }) => chart.name);
  const istiod = charts.get('istiod')?.[0];
  const namespace = istiod?.namespace ?? USUAL_NAMESPACE;
  const notes: string[] = [];
  const values = mergeValues(charts, notes);
  if (namespace !== USUAL_NAMESPACE) mergeInto(values, { global: { istioNamespace: namespace } });
  const gateways = (charts.get('gateway') ?? []).map(translateGateway);
  if (gateways.length > 0) mergeInto(values, { gateways: { 'istio-ingressgateway': sharedOfGateways(charts, notes) } });
  const components: JsonObject = {
    base: { enabled: charts.has('base') },
    pilot: { enabled: istiod !== undefined },
    cni: agentOf(charts, 'cni', namespace),
    ztunnel: agentOf(charts, 'ztunnel', namespace),
    ...(gateways.length > 0 ? { ingressGateways: gateways } : {}),
  };
  return { spec: { profile: 'minimal', components, values }, notes };
}

function mergeValues(charts: Charts, notes: string[]): JsonObject {
  const merged: JsonObject = {};
  for (const chart of SHARED) {
    for (const release of charts.get(chart) ?? []) {
      const values = valuesOf(release);
      notes.push(...findContradictions(merged, values, release));
      mergeInto(merged, values);
    }
  }
  if (charts.has('base')) merged['defaultRevision'] ??= BASE_DEFAULT_REVISION;
  return merged;
}

/** What the user gave a chart, where an IstioOperator has it. */
function valuesOf({ chart, values }: HelmRelease): JsonObject {
  const own = OWN_VALUES[chart.name];
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(cloneJson(values))) {
    if (key === 'platform') mergeInto(result, { global: { platform: value } });
    else if (own === undefined || (key !== own && isGeneral(key))) mergeInto(result, { [key]: value });
    else mergeInto(result, { [own]: key === own ? value : { [key]: value } });
  }
  return result;
}

/** What all charts call the same, and every one of them may be given. */
function isGeneral(key: string): boolean {
  return Object.hasOwn(valuesSchema.unwrap().shape, key);
}

/** Global values are one tree in an IstioOperator; each chart may have had its own. */
function findContradictions(before: JsonObject, now: JsonObject, release: HelmRelease): string[] {
  const [known, given] = [mapAt(before, ['global']) ?? {}, mapAt(now, ['global']) ?? {}];
  return Object.entries(given)
    .filter(([key, value]) => known[key] !== undefined && printed(known[key]) !== printed(value))
    .map(([key]) => `values.global.${key}: releases differ; that of ${releaseName(release)} is taken`);
}

function agentOf(charts: Charts, chart: string, usual: string): JsonObject {
  const release = charts.get(chart)?.[0];
  if (!release) return { enabled: false };
  return { enabled: true, ...(release.namespace === usual ? {} : { namespace: release.namespace }) };
}

function translateGateway({ name: release, namespace, values }: HelmRelease): JsonObject {
  const name = textAt(values, ['name']) ?? release;
  const label = {
    app: textAt(values, ['labels', 'app']) ?? name,
    istio: textAt(values, ['labels', 'istio']) ?? name.replace(/^istio-/, ''),
  };
  const count = values['replicaCount'];
  const k8s = typeof count === 'number' && !isAutoscaled(values) ? { k8s: { replicaCount: count } } : {};
  return { name, namespace, enabled: true, label, ...k8s };
}

/** All gateways share these in an IstioOperator. */
function sharedOfGateways(charts: Charts, notes: string[]): JsonObject {
  const gateways = charts.get('gateway') ?? [];
  const autoscaled = gateways.map(({ values }) => isAutoscaled(values));
  if (new Set(autoscaled).size > 1) {
    notes.push('values.autoscaling.enabled: gateways differ, and here all have one setting: autoscaling is on for all');
  }
  return { injectionTemplate: GATEWAY_TEMPLATE, autoscaleEnabled: autoscaled.some(Boolean) };
}

function isAutoscaled(values: JsonObject): boolean {
  return getAt(values, ['autoscaling', 'enabled']) !== false;
}

function textAt(values: JsonObject, path: readonly string[]): string | undefined {
  const found: Json | undefined = getAt(values, path);
  return found === undefined || found === null || isJsonObject(found) || found === '' ? undefined : printed(found);
}
