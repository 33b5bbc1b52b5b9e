import { DATAPLANE_MODE_LABEL, INJECT_LABEL } from '../../../api/istio-names.ts';
import { agentContainer } from './container.ts';
import { CNI_NAME, CNI_NODE_NAME, cniLabels } from './labels.ts';
import { agentVolumes } from './volumes.ts';
import type { ChartContext } from '../chart.ts';
import { standardLabels } from '../labels.ts';
import { userTexts } from '../quoted.ts';
import { bare, entryIf, inScope, isOn, objectAt, valueAt } from '../../values/value-tree.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

function podAnnotations(context: ChartContext): JsonObject {
  const { values } = context;
  // AppArmor profiles block some of the agent's capabilities. Kubernetes before 1.30 takes the exception only here.
  const appArmor = { 'container.apparmor.security.beta.kubernetes.io/install-cni': 'unconfined' };
  return {
    [INJECT_LABEL]: 'false',
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '15014',
    'prometheus.io/path': '/metrics',
    ...(isOn(values, 'useAppArmorAnnotation') ? appArmor : {}),
    ...userTexts(context, objectAt(values, 'podAnnotations')),
  };
}

function podSpec(context: ChartContext): JsonObject {
  const { values } = context;
  const sharesHostNetwork = isOn(values, 'ambient.enabled') && isOn(values, 'ambient.shareHostNetworkNamespace');
  return {
    ...(sharesHostNetwork ? { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } : {}),
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    ...entryIf('affinity', valueAt(values, 'affinity')),
    ...entryIf('tolerations', valueAt(values, 'tolerations')),
    priorityClassName: 'system-node-critical',
    serviceAccountName: CNI_NAME,
    terminationGracePeriodSeconds: bare(valueAt(values, 'terminationGracePeriodSeconds')),
    containers: [agentContainer(context)],
    volumes: agentVolumes(context),
  };
}

/** The agent on every node. */
export function renderDaemonSet(context: ChartContext): KubeObject[] {
  const { values } = context;
  if (!inScope(values, 'namespace')) return [];
  const selector = { 'k8s-app': CNI_NODE_NAME };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: {
        name: CNI_NODE_NAME,
        namespace: context.namespace,
        labels: {
          ...selector,
          ...cniLabels(context),
          ...userTexts(context, objectAt(values, 'daemonSetLabels')),
        },
      },
      spec: {
        selector: { matchLabels: selector },
        ...entryIf('updateStrategy', valueAt(values, 'updateStrategy')),
        template: {
          metadata: {
            labels: {
              ...selector,
              [INJECT_LABEL]: 'false',
              [DATAPLANE_MODE_LABEL]: 'none',
              'app.kubernetes.io/name': CNI_NAME,
              ...standardLabels(context, 'cni'),
              ...userTexts(context, objectAt(values, 'podLabels')),
            },
            annotations: podAnnotations(context),
          },
          spec: podSpec(context),
        },
      },
    },
  ];
}
