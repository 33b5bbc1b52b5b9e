import { bareLabel } from '../labels.ts';
import type { GatewayInstance } from './instance.ts';
import {
  entryIf,
  firstTruthy,
  intOf,
  isTruthy,
  listAt,
  objectAt,
  printed,
  sortedEntries,
  valueAt,
} from '../../values/value-tree.ts';
import type { Values } from '../../values/value-tree.ts';
import { isJsonObject } from '../../kube-object.ts';
import type { Json, JsonObject } from '../../kube-object.ts';

const ARCHITECTURE = 'kubernetes.io/arch';

/** Architectures with a weight above 0, which means never. */
function weightedArchitectures(values: Values): [string, number][] {
  return sortedEntries(objectAt(values, 'global.arch'))
    .map(([arch, weight]): [string, number] => [arch, intOf(weight)])
    .filter(([, weight]) => weight > 0);
}

function requiredNodes({ context, settings }: GatewayInstance): JsonObject | undefined {
  const { values } = context;
  const hasArchitectures = isTruthy(valueAt(values, 'global.arch'));
  const selector = firstTruthy(valueAt(settings, 'nodeSelector'), valueAt(values, 'global.defaultNodeSelector'));
  if (!hasArchitectures && selector === undefined) return undefined;
  const architectures = weightedArchitectures(values).map(([arch]) => arch);
  const labels = isJsonObject(selector) ? sortedEntries(selector) : [];
  const matchExpressions: Json[] = [
    ...(hasArchitectures ? [{ key: ARCHITECTURE, operator: 'In', values: architectures }] : []),
    ...labels.map(([key, value]) => ({ key, operator: 'In', values: [printed(value)] })),
  ];
  return { nodeSelectorTerms: [{ matchExpressions }] };
}

function preferredNodes(values: Values): JsonObject[] {
  return weightedArchitectures(values).map(([arch, weight]) => ({
    weight,
    preference: { matchExpressions: [{ key: ARCHITECTURE, operator: 'In', values: [arch] }] },
  }));
}

function listOfText(value: Json | undefined): string[] {
  return isTruthy(value) ? printed(value).split(',') : [];
}

function podTerm(gateway: GatewayInstance, item: JsonObject): JsonObject {
  const { context } = gateway;
  const expression = {
    key: bareLabel(context, item['key']),
    operator: bareLabel(context, item['operator']),
    ...entryIf('values', listOfText(item['values'])),
  };
  return {
    labelSelector: { matchExpressions: [expression] },
    topologyKey: bareLabel(context, item['topologyKey']),
  };
}

function podAntiAffinity(gateway: GatewayInstance): JsonObject {
  const required = listAt(gateway.settings, 'podAntiAffinityLabelSelector').filter(isJsonObject);
  const preferred = listAt(gateway.settings, 'podAntiAffinityTermLabelSelector').filter(isJsonObject);
  return {
    ...entryIf(
      'requiredDuringSchedulingIgnoredDuringExecution',
      required.map((item) => ({
        ...podTerm(gateway, item),
        ...entryIf('namespaces', listOfText(item['namespaces'])),
      })),
    ),
    ...entryIf(
      'preferredDuringSchedulingIgnoredDuringExecution',
      preferred.map((item) => ({ podAffinityTerm: podTerm(gateway, item), weight: 100 })),
    ),
  };
}

/** Scheduling constraints of a gateway pod: architectures and node selector as node affinity, and anti-affinity. */
export function gatewayAffinity(gateway: GatewayInstance): JsonObject {
  const nodeAffinity: JsonObject = {
    ...entryIf('requiredDuringSchedulingIgnoredDuringExecution', requiredNodes(gateway)),
    ...entryIf('preferredDuringSchedulingIgnoredDuringExecution', preferredNodes(gateway.context.values)),
  };
  return entryIf('affinity', {
    ...entryIf('nodeAffinity', nodeAffinity),
    ...entryIf('podAntiAffinity', podAntiAffinity(gateway)),
  });
}
