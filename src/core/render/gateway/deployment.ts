import { DATAPLANE_MODE_LABEL, INJECT_LABEL, REVISION_LABEL } from '../../../api/istio-names.ts';
import { derivedName } from './instance.ts';
import type { GatewayInstance } from './instance.ts';
import { gatewayDeployment, prometheusAnnotations, proxyContainer } from './pod.ts';
import { proxyEnv } from './proxy-env.ts';
import { proxyMounts, proxyVolumes } from './volumes.ts';
import { imageReference } from '../image.ts';
import { revisionLabel } from '../labels.ts';
import { firstTruthy, isOn, isTruthy, printed, str, valueAt } from '../../values/value-tree.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

/** Gateways are proxies themselves: ambient redirection would loop their traffic. */
const OUTSIDE_AMBIENT = { [DATAPLANE_MODE_LABEL]: 'none' };

/** The gateway's deployment in full, ready to run without an injector. */
export function renderDeployment(gateway: GatewayInstance): KubeObject {
  const rev = revisionLabel(gateway.context);
  return gatewayDeployment(gateway, {
    name: gateway.name,
    serviceAccountName: derivedName(gateway, 'service-account'),
    deploymentLabels: OUTSIDE_AMBIENT,
    podLabels: { [REVISION_LABEL]: rev, [INJECT_LABEL]: 'false', ...OUTSIDE_AMBIENT },
    podAnnotations: { [REVISION_LABEL]: rev, ...prometheusAnnotations(gateway), [INJECT_LABEL]: 'false' },
    container: container(gateway),
    volumes: proxyVolumes(gateway),
  });
}

function container(gateway: GatewayInstance): JsonObject {
  const { values } = gateway.context;
  return {
    ...proxyContainer(gateway),
    image: imageReference(values, {
      image: firstTruthy(valueAt(values, 'global.proxy.image')) ?? 'proxyv2',
      tag: valueAt(gateway.settings, 'tag'),
      variant: valueAt(values, 'global.proxy.variant'),
    }),
    args: proxyArgs(gateway),
    readinessProbe: {
      failureThreshold: 30,
      httpGet: { path: '/healthz/ready', port: 15021, scheme: 'HTTP' },
      initialDelaySeconds: 1,
      periodSeconds: 2,
      successThreshold: 1,
      timeoutSeconds: 1,
    },
    env: proxyEnv(gateway),
    volumeMounts: proxyMounts(gateway),
  };
}

function proxyArgs({ context }: GatewayInstance): string[] {
  const { values } = context;
  const flag = (name: string, path: string): string[] => {
    const value = valueAt(values, path);
    return isTruthy(value) ? [`--${name}=${printed(value)}`] : [];
  };
  return [
    'proxy',
    'router',
    '--domain',
    `$(POD_NAMESPACE).svc.${str(values, 'global.proxy.clusterDomain')}`,
    ...flag('proxyLogLevel', 'global.proxy.logLevel'),
    ...flag('proxyComponentLogLevel', 'global.proxy.componentLogLevel'),
    ...flag('log_output_level', 'global.logging.level'),
    ...(isOn(values, 'global.logAsJson') ? ['--log_as_json'] : []),
    ...flag('stsPort', 'global.sts.servicePort'),
  ];
}
