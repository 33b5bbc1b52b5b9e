import { DATAPLANE_MODE_LABEL, INJECT_LABEL, REVISION_LABEL } from '../../../api/istio-names.ts';
import { ztunnelContainer } from './container.ts';
import { isWanted, userLabels, ztunnelAnnotations, ztunnelLabels, ztunnelName } from './metadata.ts';
import { ztunnelVolumes } from './volumes.ts';
import type { ChartContext } from '../chart.ts';
import { bareLabel, revisionOf } from '../labels.ts';
import { userTexts } from '../quoted.ts';
import { bare, entryIf, isTruthy, objectAt, valueAt } from '../../values/value-tree.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

function podMetadata(context: ChartContext): JsonObject {
  const { values } = context;
  const revision = revisionOf(context);
  return {
    labels: {
      [INJECT_LABEL]: 'false',
      [DATAPLANE_MODE_LABEL]: 'none',
      app: 'ztunnel',
      ...ztunnelLabels(context),
      ...userTexts(context, objectAt(values, 'podLabels')),
    },
    annotations: {
      [INJECT_LABEL]: 'false',
      ...(revision === '' ? {} : { [REVISION_LABEL]: bareLabel(context, revision) }),
      ...userTexts(context, objectAt(values, 'podAnnotations')),
    },
  };
}

function podSpec(context: ChartContext): JsonObject {
  const { values } = context;
  const dnsPolicy = valueAt(values, 'dnsPolicy');
  return {
    nodeSelector: { 'kubernetes.io/os': 'linux', ...objectAt(values, 'nodeSelector') },
    ...entryIf('affinity', valueAt(values, 'affinity')),
    serviceAccountName: ztunnelName(context),
    ...entryIf('tolerations', valueAt(values, 'tolerations')),
    ...(isTruthy(dnsPolicy) ? { dnsPolicy: bareLabel(context, dnsPolicy) } : {}),
    ...entryIf('dnsConfig', valueAt(values, 'dnsConfig')),
    containers: [ztunnelContainer(context)],
    priorityClassName: 'system-node-critical',
    terminationGracePeriodSeconds: bare(valueAt(values, 'terminationGracePeriodSeconds')),
    volumes: ztunnelVolumes(context),
  };
}

/** The proxy on every node. */
export function renderDaemonSet(context: ChartContext): KubeObject[] {
  const { values } = context;
  if (!isWanted(context, 'namespace')) return [];
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: {
        name: ztunnelName(context),
        namespace: context.namespace,
        labels: { ...ztunnelLabels(context), ...userLabels(context) },
        ...ztunnelAnnotations(context),
      },
      spec: {
        ...entryIf('updateStrategy', valueAt(values, 'updateStrategy')),
        selector: { matchLabels: { app: 'ztunnel' } },
        template: { metadata: podMetadata(context), spec: podSpec(context) },
      },
    },
  ];
}
