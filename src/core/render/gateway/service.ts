import { objectLabels } from './instance.ts';
import type { GatewayInstance } from './instance.ts';
import { bareLabel } from '../labels.ts';
import { bareKey, printedValues } from '../quoted.ts';
import {
  bare,
  entryIf,
  isOn,
  isTruthy,
  listAt,
  objectAt,
  sortedEntries,
  str,
  valueAt,
} from '../../values/value-tree.ts';
import { isJsonObject } from '../../kube-object.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';

/** Port fields that the API declares as text; all others are numbers or either. */
const TEXT_FIELDS = new Set(['name', 'protocol', 'appProtocol']);

function servicePort(gateway: GatewayInstance, port: Json): JsonObject {
  if (!isJsonObject(port)) return {};
  const { context } = gateway;
  return Object.fromEntries(
    sortedEntries(port).map(([key, value]) => [
      bareKey(context, key),
      TEXT_FIELDS.has(key) ? bareLabel(context, value) : bare(value),
    ]),
  );
}

function extraPort(gateway: GatewayInstance, port: Json): JsonObject {
  if (!isJsonObject(port)) return {};
  return { port: bare(port['port']), name: bareLabel(gateway.context, port['name']) };
}

function textIf(gateway: GatewayInstance, field: string): JsonObject {
  const value = valueAt(gateway.settings, field);
  return isTruthy(value) ? { [field]: bareLabel(gateway.context, value) } : {};
}

/** The service in front of the gateway; none when the user brings one (`customService`). */
export function renderService(gateway: GatewayInstance): KubeObject[] {
  const { context, kind, settings, labels } = gateway;
  if (isOn(settings, 'customService')) return [];
  const annotations = printedValues(context, objectAt(settings, 'serviceAnnotations'));
  const families = listAt(settings, 'ipFamilies').map((family) => bareLabel(context, family));
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: gateway.name,
        namespace: context.namespace,
        ...entryIf('annotations', annotations),
        labels: objectLabels(gateway),
      },
      spec: {
        ...entryIf('loadBalancerIP', str(settings, 'loadBalancerIP')),
        ...entryIf('loadBalancerSourceRanges', valueAt(settings, 'loadBalancerSourceRanges')),
        ...textIf(gateway, 'externalTrafficPolicy'),
        type: bareLabel(context, valueAt(settings, 'type')),
        selector: labels,
        ports: [
          ...listAt(settings, 'ports').map((port) => servicePort(gateway, port)),
          ...listAt(settings, kind.extraPorts).map((port) => extraPort(gateway, port)),
        ],
        ...textIf(gateway, 'ipFamilyPolicy'),
        ...entryIf('ipFamilies', families),
      },
    },
  ];
}
