import { DATAPLANE_MODE_LABEL, INJECT_LABEL } from '../../../api/istio-names.ts';
import { imageReference } from '../image.ts';
import { bareLabel, ownershipLabels, revisionOf } from '../labels.ts';
import {
  bare,
  computeResources,
  entryIf,
  firstTruthy,
  isOn,
  listAt,
  objectAt,
  str,
  valueAt,
} from '../../values/value-tree.ts';
import { printedValues, userTexts } from '../quoted.ts';
import { istiodName, nameLabels, podSelector, workloadLabels } from './identity.ts';
import { computeInitContainers } from './init-containers.ts';
import { renderEnvironment } from './environment.ts';
import { renderVolumeMounts, renderVolumes } from './volumes.ts';
import type { ChartContext } from '../chart.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';

const port = (containerPort: number, name: string): object => ({ containerPort, protocol: 'TCP', name });

const PORTS = [
  port(8080, 'http-debug'),
  port(15010, 'grpc-xds'),
  port(15012, 'tls-xds'),
  port(15017, 'https-webhooks'),
  port(15014, 'http-monitoring'),
];

function bareIf(context: ChartContext, field: string, path: string): JsonObject {
  return isOn(context.values, path) ? { [field]: bare(valueAt(context.values, path)) } : {};
}

function renderArguments(context: ChartContext): Json[] {
  const { values } = context;
  const optional = (path: string, flag: string): Json[] => (isOn(values, path) ? [`${flag}=${str(values, path)}`] : []);
  return [
    'discovery',
    '--monitoringAddr=:15014',
    ...optional('global.logging.level', '--log_output_level'),
    ...(isOn(values, 'global.logAsJson') ? ['--log_as_json'] : []),
    '--domain',
    bareLabel(context, valueAt(values, 'global.proxy.clusterDomain')),
    ...optional('taint.namespace', '--cniNamespace'),
    '--keepaliveMaxServerConnectionAge',
    str(values, 'keepaliveMaxServerConnectionAge'),
    ...listAt(values, 'extraContainerArgs'),
  ];
}

function renderContainer(context: ChartContext): object {
  const { values, traits } = context;
  const image = {
    image: firstTruthy(valueAt(values, 'image')) ?? 'pilot',
    hub: valueAt(values, 'hub'),
    tag: valueAt(values, 'tag'),
    variant: valueAt(values, 'variant'),
  };
  const resources = isOn(values, 'resources')
    ? valueAt(values, 'resources')
    : valueAt(values, 'global.defaultResources');
  return {
    name: 'discovery',
    image: imageReference(values, image),
    ...bareIf(context, 'imagePullPolicy', 'global.imagePullPolicy'),
    ...(traits.setsTerminationMessagePolicy
      ? bareIf(context, 'terminationMessagePolicy', 'terminationMessagePolicy')
      : {}),
    args: renderArguments(context),
    ports: PORTS,
    readinessProbe: {
      httpGet: { path: '/ready', port: 8080 },
      initialDelaySeconds: 1,
      periodSeconds: 3,
      timeoutSeconds: 5,
    },
    env: renderEnvironment(context),
    ...entryIf('resources', computeResources(resources)),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      ...entryIf('seccompProfile', valueAt(values, 'seccompProfile')),
    },
    volumeMounts: renderVolumeMounts(context),
  };
}

function renderPodSpec(context: ChartContext): object {
  const { values } = context;
  return {
    ...entryIf('nodeSelector', valueAt(values, 'nodeSelector')),
    ...entryIf('affinity', valueAt(values, 'affinity')),
    // istiod must start before the CNI plugin of its node is ready.
    tolerations: [{ key: 'cni.istio.io/not-ready', operator: 'Exists' }, ...listAt(values, 'tolerations')],
    ...entryIf('topologySpreadConstraints', valueAt(values, 'topologySpreadConstraints')),
    serviceAccountName: istiodName(context),
    ...(isOn(values, 'global.priorityClassName') ? { priorityClassName: str(values, 'global.priorityClassName') } : {}),
    ...entryIf('initContainers', computeInitContainers(context)),
    containers: [renderContainer(context)],
    volumes: renderVolumes(context),
  };
}

function podLabels(context: ChartContext): Record<string, string> {
  return {
    app: 'istiod',
    ...ownershipLabels(context, 'Pilot'),
    [INJECT_LABEL]: 'false',
    istio: revisionOf(context) === '' ? 'pilot' : 'istiod',
    ...printedValues(context, objectAt(context.values, 'podLabels')),
    [DATAPLANE_MODE_LABEL]: 'none',
    ...nameLabels(context),
  };
}

/** The selector is fixed for life; the default revision keeps the one that it always had. */
function selectorLabels(context: ChartContext): Record<string, string> {
  return revisionOf(context) === '' ? { istio: 'pilot' } : podSelector(context);
}

/** istiod itself. */
export function renderDeployment(context: ChartContext): KubeObject {
  const { values } = context;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: istiodName(context),
      namespace: context.namespace,
      labels: { ...workloadLabels(context), ...printedValues(context, objectAt(values, 'deploymentLabels')) },
      ...entryIf('annotations', userTexts(context, objectAt(values, 'deploymentAnnotations'))),
    },
    spec: {
      // Replicas belong to the autoscaler when there is one.
      ...(isOn(values, 'autoscaleEnabled') ? {} : bareIf(context, 'replicas', 'replicaCount')),
      strategy: {
        rollingUpdate: {
          maxSurge: bare(valueAt(values, 'rollingMaxSurge')),
          maxUnavailable: bare(valueAt(values, 'rollingMaxUnavailable')),
        },
      },
      selector: { matchLabels: selectorLabels(context) },
      template: {
        metadata: {
          labels: podLabels(context),
          annotations: {
            'prometheus.io/port': '15014',
            'prometheus.io/scrape': 'true',
            [INJECT_LABEL]: 'false',
            ...userTexts(context, objectAt(values, 'podAnnotations')),
          },
        },
        spec: renderPodSpec(context),
      },
    },
  };
}
