import { userTexts } from '../quoted.ts';
import { bare, entryIf, isOn, listAt, objectAt, valueAt } from '../../values/value-tree.ts';
import { istiodName, podSelector, workloadLabels } from './identity.ts';
import type { ChartContext } from '../chart.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';

const PORTS = [
  { name: 'grpc-xds', port: 15010, protocol: 'TCP' },
  { name: 'https-dns', port: 15012, protocol: 'TCP' },
  { name: 'https-webhook', port: 443, targetPort: 15017, protocol: 'TCP' },
  { name: 'http-monitoring', port: 15014, protocol: 'TCP' },
];

/** `ipFamilyPolicy` and `ipFamilies` below a path of the values (the empty path: top level). */
export function ipFamilyFields(context: ChartContext, parent: string): JsonObject {
  const prefix = parent === '' ? '' : `${parent}.`;
  const families = listAt(context.values, `${prefix}ipFamilies`);
  return {
    ...bareIf(context, `${prefix}ipFamilyPolicy`, 'ipFamilyPolicy'),
    ...(families.length > 0 ? { ipFamilies: families.map((family) => bare(family)) } : {}),
  };
}

function bareIf(context: ChartContext, path: string, field: string): JsonObject {
  return isOn(context.values, path) ? { [field]: bare(valueAt(context.values, path)) } : {};
}

/** A service that leads to istiod's pods. */
export function renderIstiodService(
  context: ChartContext,
  name: string,
  extraLabels: Record<string, string>,
): KubeObject {
  const spec: Record<string, Json | object> = {
    ports: PORTS,
    selector: podSelector(context),
    ...ipFamilyFields(context, ''),
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: context.namespace,
      ...entryIf('annotations', userTexts(context, objectAt(context.values, 'serviceAnnotations'))),
      labels: { ...workloadLabels(context), ...extraLabels },
    },
    spec,
  };
}

/** istiod's own service. */
export function renderService(context: ChartContext): KubeObject {
  const service = renderIstiodService(context, istiodName(context), {});
  return {
    ...service,
    spec: { ...(service.spec as object), ...bareIf(context, 'trafficDistribution', 'trafficDistribution') },
  };
}
