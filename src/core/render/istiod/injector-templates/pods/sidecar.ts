import { agentCommand, METRICS_PORT } from '../../../../inject/templates/proxy-container.ts';
import { SIDECAR_VOLUMES } from '../../../../inject/templates/sidecar-parts.ts';
import type { IstioTraits } from '../../../../istio/traits.ts';
import * as env from './environment.ts';
import { initContainer } from './init-container.ts';
import { CNI_ANNOTATIONS, COMMON_ANNOTATIONS, sidecarLabels } from './metadata.ts';
import { annotation, FACTS, label, USES_CNI } from './pod-facts.ts';
import { SIDECAR_PROBES } from './probes.ts';
import * as container from './proxy-container.ts';
import { PROXY_SECURITY, SECURITY_FACTS } from './security.ts';
import { below, inQuotes, item, lines, printed, variable, when, withValue } from './template-pieces.ts';
import { IMAGE_PULL_SECRETS, proxyMounts, proxyVolumes } from './volumes.ts';

/** Any value but "false" asks for a native sidecar; an empty one counts as none. */
const NATIVE = lines(
  '{{- $native := .NativeSidecars }}',
  withValue(annotation('sidecar.istio.io/nativeSidecar'), '{{- $native = ne . "false" }}'),
);

const DRAIN = `preStop: { exec: { command: [pilot-agent, request, --debug-port={{ $statusPort }}, POST, drain] } }`;
const HOLDS = 'or .ProxyConfig.HoldApplicationUntilProxyStarts.GetValue $proxy.holdApplicationUntilProxyStarts';

const LIFECYCLE = container.lifecycle(
  when(
    '$native',
    `lifecycle: { ${DRAIN} }`,
    when(HOLDS, `lifecycle: ${JSON.stringify({ postStart: agentCommand('wait') })}`),
  ),
);

const INTERCEPTION = variable(
  'ISTIO_META_INTERCEPTION_MODE',
  inQuotes(printed(`or ${annotation('sidecar.istio.io/interceptionMode')} .ProxyConfig.InterceptionMode.String`)),
);

const environment = (traits: IstioTraits): string =>
  lines(
    'env:',
    env.LOCALHOST_VARIABLES,
    env.CA_VARIABLES,
    env.POD_VARIABLES,
    env.CPU_LIMIT_VARIABLE,
    env.CONFIG_VARIABLES,
    env.APP_CONTAINERS_VARIABLE,
    env.goVariables(traits),
    env.complianceVariables(traits),
    env.CLUSTER_VARIABLES,
    INTERCEPTION,
    env.NETWORK_VARIABLES,
    env.workloadVariables(`(or ${label('service.istio.io/workload-name')} .DeploymentMeta.Name)`),
    env.BOOTSTRAP_VARIABLES,
    env.MESH_VARIABLES,
    env.DATADOG_VARIABLES,
    env.OPEN_TELEMETRY_VARIABLES,
    env.METADATA_VARIABLES,
  );

const proxy = (traits: IstioTraits): string =>
  container.proxyContainer(
    container.image(traits, '$proxy.image', '.ProxyImage'),
    when('$native', 'restartPolicy: Always'),
    'ports:',
    item(METRICS_PORT),
    'args:',
    container.proxyArgs(traits, 'sidecar'),
    withValue('$proxy.outlierLogPath', `- --outlierLogPath=${printed('.')}`),
    LIFECYCLE,
    environment(traits),
    container.PULL_POLICY,
    SIDECAR_PROBES,
    PROXY_SECURITY,
    container.RESOURCES,
    'volumeMounts:',
    proxyMounts(SIDECAR_VOLUMES),
  );

/** The proxy beside an application: a container, or an init container that goes on. */
export function sidecarTemplate(traits: IstioTraits): string {
  const captures = 'ne $interception "NONE"';
  return lines(
    FACTS,
    NATIVE,
    SECURITY_FACTS,
    below(
      'metadata',
      lines(
        below('labels', sidecarLabels(traits)),
        below('annotations', lines(COMMON_ANNOTATIONS, when(USES_CNI, CNI_ANNOTATIONS))),
      ),
    ),
    below(
      'spec',
      lines(
        when(`or $native (${captures})`, 'initContainers:'),
        when(captures, initContainer(traits)),
        when('not $native', 'containers:'),
        proxy(traits),
        'volumes:',
        proxyVolumes(SIDECAR_VOLUMES, traits),
        IMAGE_PULL_SECRETS,
      ),
    ),
    '',
  );
}
