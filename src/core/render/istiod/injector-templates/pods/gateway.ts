import { GATEWAY_VOLUMES, LOW_PORTS } from '../../../../inject/templates/gateway.ts';
import { METRICS_PORT } from '../../../../inject/templates/proxy-container.ts';
import type { IstioTraits } from '../../../../istio/traits.ts';
import * as env from './environment.ts';
import { CANONICAL_LABELS, COMMON_ANNOTATIONS } from './metadata.ts';
import { FACTS } from './pod-facts.ts';
import { MESH_READINESS_PROBE } from './probes.ts';
import * as container from './proxy-container.ts';
import { asJson, below, inQuotes, item, lines, printed, variable, when } from './template-pieces.ts';
import { IMAGE_PULL_SECRETS, proxyMounts, proxyVolumes } from './volumes.ts';

const GATEWAYS = '(.Values.gateways | default dict)';

/** Lets the proxy listen on low ports without being root, unless the values say otherwise. */
const POD_SECURITY = when(
  `${GATEWAYS}.securityContext`,
  `securityContext: ${asJson(`${GATEWAYS}.securityContext`)}`,
  `securityContext: ${JSON.stringify(LOW_PORTS)}`,
);

const environment = (traits: IstioTraits): string =>
  lines(
    'env:',
    env.CA_VARIABLES,
    env.POD_VARIABLES,
    env.CPU_LIMIT_VARIABLE,
    env.CONFIG_VARIABLES,
    env.goVariables(traits),
    env.complianceVariables(traits),
    env.APP_CONTAINERS_VARIABLE,
    env.CLUSTER_VARIABLES,
    variable('ISTIO_META_INTERCEPTION_MODE', inQuotes(printed('.ProxyConfig.InterceptionMode.String'))),
    env.NETWORK_VARIABLES,
    env.workloadVariables('.DeploymentMeta.Name'),
    env.BOOTSTRAP_VARIABLES,
    env.MESH_VARIABLES,
    env.METADATA_VARIABLES,
  );

const proxy = (traits: IstioTraits): string =>
  container.proxyContainer(
    container.image(traits, '$proxy.image', '.ProxyImage'),
    'ports:',
    item(METRICS_PORT),
    'args:',
    container.proxyArgs(traits, 'router'),
    container.lifecycle(),
    below('securityContext', lines(`runAsUser: ${printed('$uid')}`, `runAsGroup: ${printed('$gid')}`)),
    environment(traits),
    container.PULL_POLICY,
    MESH_READINESS_PROBE,
    'volumeMounts:',
    proxyMounts(GATEWAY_VOLUMES),
  );

/** A gateway's proxy in a container that the pod declares with the image `auto`. */
export function gatewayTemplate(traits: IstioTraits): string {
  return lines(
    FACTS,
    below('metadata', lines(below('labels', CANONICAL_LABELS), below('annotations', COMMON_ANNOTATIONS))),
    below(
      'spec',
      lines(
        POD_SECURITY,
        'containers:',
        proxy(traits),
        'volumes:',
        proxyVolumes(GATEWAY_VOLUMES, traits),
        IMAGE_PULL_SECRETS,
      ),
    ),
    '',
  );
}
