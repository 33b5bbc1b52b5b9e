import {
  CANONICAL_NAME_LABEL,
  CANONICAL_REVISION_LABEL,
  PROXY_CONTAINER,
  REVISION_LABEL,
  USUAL_NAMESPACE,
} from '../../../api/istio-names.ts';
import { commonLabels, objectLabels } from './instance.ts';
import type { GatewayInstance } from './instance.ts';
import { gatewayAffinity } from './affinity.ts';
import { bareLabel, revisionOf } from '../labels.ts';
import { userTexts } from '../quoted.ts';
import {
  bare,
  computeResources,
  entryIf,
  firstTruthy,
  isOn,
  isTruthy,
  listAt,
  printed,
  str,
  valueAt,
} from '../../values/value-tree.ts';
import { isJsonObject } from '../../kube-object.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

/** What the two forms of the deployment put into the common frame. */
export interface GatewayPod {
  name: string;
  serviceAccountName: string;
  deploymentLabels: Record<string, string>;
  podLabels: Record<string, string>;
  podAnnotations: JsonObject;
  container: JsonObject;
  volumes: JsonObject[];
}

/** The deployment around a gateway pod; its replicas belong to the autoscaler when that is on. */
export function gatewayDeployment(gateway: GatewayInstance, pod: GatewayPod): KubeObject {
  const { context, settings, labels } = gateway;
  const replicas = isOn(settings, 'autoscaleEnabled') ? undefined : valueAt(settings, 'replicaCount');
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: pod.name,
      namespace: context.namespace,
      labels: { ...objectLabels(gateway), ...pod.deploymentLabels },
    },
    spec: {
      ...(isTruthy(replicas) ? { replicas: bare(replicas) } : {}),
      selector: { matchLabels: labels },
      strategy: {
        rollingUpdate: {
          maxSurge: bare(valueAt(settings, 'rollingMaxSurge')),
          maxUnavailable: bare(valueAt(settings, 'rollingMaxUnavailable')),
        },
      },
      template: {
        metadata: {
          labels: templateLabels(gateway, pod),
          annotations: {
            ...pod.podAnnotations,
            ...userTexts(context, objectOrEmpty(valueAt(settings, 'podAnnotations'))),
          },
        },
        spec: podSpec(gateway, pod),
      },
    },
  };
}

function objectOrEmpty(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function templateLabels(gateway: GatewayInstance, pod: GatewayPod): Record<string, string> {
  const { context, labels } = gateway;
  const { release: _release, [REVISION_LABEL]: _rev, ...common } = commonLabels(gateway);
  const version = firstTruthy(labels['app.kubernetes.io/version'], labels['version'], revisionOf(context)) ?? 'latest';
  return {
    ...labels,
    // Selectors of very old installations in the default namespace hang on these.
    ...(context.namespace === USUAL_NAMESPACE ? { heritage: 'Tiller', release: 'istio', chart: 'gateways' } : {}),
    [CANONICAL_NAME_LABEL]: gateway.name,
    [CANONICAL_REVISION_LABEL]: printed(version),
    ...pod.podLabels,
    ...common,
  };
}

function podSpec(gateway: GatewayInstance, pod: GatewayPod): JsonObject {
  const { context, settings } = gateway;
  const tolerations = firstTruthy(
    valueAt(settings, 'tolerations'),
    valueAt(context.values, 'global.defaultTolerations'),
  );
  return {
    ...podSecurity(gateway),
    serviceAccountName: pod.serviceAccountName,
    ...entryIf('priorityClassName', str(context.values, 'global.priorityClassName')),
    containers: [pod.container, ...listAt(settings, 'additionalContainers')],
    volumes: pod.volumes,
    ...gatewayAffinity(gateway),
    ...entryIf('tolerations', tolerations),
  };
}

/** OpenShift assigns the user id itself and refuses a fixed one. */
function podSecurity({ context, settings }: GatewayInstance): JsonObject {
  if (isOn(settings, 'runAsRoot')) return {};
  const platform = firstTruthy(valueAt(context.values, 'platform'), valueAt(context.values, 'global.platform'));
  const fixedUser = platform === 'openshift' ? {} : { runAsUser: 1337, runAsGroup: 1337 };
  return { securityContext: { ...fixedUser, runAsNonRoot: true } };
}

/** Fields that the proxy's container has in both forms of the deployment. */
export function proxyContainer(gateway: GatewayInstance): JsonObject {
  const { context, settings } = gateway;
  const pullPolicy = valueAt(context.values, 'global.imagePullPolicy');
  const own = valueAt(settings, 'resources');
  const resources = computeResources(isTruthy(own) ? own : valueAt(context.values, 'global.defaultResources'));
  return {
    name: PROXY_CONTAINER,
    ...(isTruthy(pullPolicy) ? { imagePullPolicy: bareLabel(context, pullPolicy) } : {}),
    ports: containerPorts(gateway),
    ...containerSecurity(gateway),
    ...entryIf('resources', resources),
  };
}

function containerPorts({ context, settings }: GatewayInstance): JsonObject[] {
  const declared = listAt(settings, 'ports')
    .filter(isJsonObject)
    // A port of the pod is a number. Upstream writes the name of a named target there, and the API server refuses it.
    .filter((port) => context.form === 'upstream' || typeof bare(port['targetPort'] ?? null) !== 'string')
    .map((port) => ({
      containerPort: bare(firstTruthy(port['targetPort']) ?? port['port']),
      protocol: bareLabel(context, firstTruthy(port['protocol']) ?? 'TCP'),
    }));
  return [...declared, { containerPort: 15090, protocol: 'TCP', name: 'http-envoy-prom' }];
}

function containerSecurity({ settings }: GatewayInstance): JsonObject {
  if (isOn(settings, 'runAsRoot')) return {};
  return {
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    },
  };
}

/** Annotations that Prometheus finds the merged metrics by; none when merging is off. */
export function prometheusAnnotations({ context }: GatewayInstance): Record<string, string> {
  if (!isOn(context.values, 'meshConfig.enablePrometheusMerge')) return {};
  return {
    'prometheus.io/port': '15020',
    'prometheus.io/scrape': 'true',
    'prometheus.io/path': '/stats/prometheus',
  };
}
