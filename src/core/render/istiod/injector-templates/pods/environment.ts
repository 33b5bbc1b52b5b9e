import { BOOTSTRAP_PATH, BOOTSTRAP_OVERRIDE, CA_PORT, DATADOG_ENV } from '../../../../inject/templates/proxy-env.ts';
import * as env from '../../../../inject/templates/proxy-env.ts';
import type { IstioTraits } from '../../../../istio/traits.ts';
import { annotation, hasAnnotation } from './pod-facts.ts';
import { forEach, inQuotes, item, items, lines, printed, variable, when, withValue } from './template-pieces.ts';

/** How the proxy trusts and reaches its certificate authority. */
export const CA_VARIABLES = lines(
  variable('PILOT_CERT_PROVIDER', printed('$global.pilotCertProvider')),
  when(
    '$global.caAddress',
    variable('CA_ADDR', printed('$global.caAddress')),
    variable(
      'CA_ADDR',
      `istiod${'{{ if ne (valueOrDefault .Values.revision "") "" }}-{{ .Values.revision }}{{ end }}'}.${printed('$global.istioNamespace')}.svc:${CA_PORT}`,
    ),
  ),
);

/** Who and where the pod is. */
export const POD_VARIABLES = items(env.podVariables());
/** The processors that the proxy may use. */
export const CPU_LIMIT_VARIABLE = item(env.cpuLimitVariable());

/** The proxy's configuration and the ports of the pod, as JSON text; a line for each port. */
export const CONFIG_VARIABLES = lines(
  '- name: PROXY_CONFIG',
  '  value: |',
  `    ${printed('protoToJSON .ProxyConfig')}`,
  '- name: ISTIO_META_POD_PORTS',
  '  value: |-',
  '    [',
  '    {{- $comma := "" }}',
  '    {{- range .Spec.Containers }}{{ range .Ports }}',
  '        {{ $comma }}{{ structToJSON . }}',
  '    {{- $comma = "," }}',
  '    {{- end }}{{ end }}',
  '    ]',
);

/** Names of the application's containers. */
export const APP_CONTAINERS_VARIABLE = variable('ISTIO_META_APP_CONTAINERS', inQuotes(printed('join "," $apps')));

/** Limits for the Go runtime of the agent. */
export function goVariables(traits: IstioTraits): string {
  return items(env.goRuntimeVariables(traits));
}

/** The compliance policy that istiod runs under. */
export function complianceVariables({ tellsGoOfFips }: IstioTraits): string {
  const policy = variable('COMPLIANCE_POLICY', inQuotes(printed('.')));
  const fips = when('eq . "fips-140-3"', item(env.FIPS_ONLY));
  return withValue('.CompliancePolicy', tellsGoOfFips ? lines(policy, fips) : policy);
}

/** The pod's cluster and node. */
export const CLUSTER_VARIABLES = lines(
  variable(
    'ISTIO_META_CLUSTER_ID',
    inQuotes(printed('valueOrDefault ($global.multiCluster | default dict).clusterName "Kubernetes"')),
  ),
  item(env.NODE_NAME),
);

/** The pod's network, when it has one. */
export const NETWORK_VARIABLES = withValue('$global.network', variable('ISTIO_META_NETWORK', inQuotes(printed('.'))));

/** Name and kind of the workload that owns the pod; `name` is an expression. */
export function workloadVariables(name: string): string {
  const place =
    'namespaces/{{ .DeploymentMeta.Namespace | default "default" }}/{{ toLower .TypeMeta.Kind }}s/{{ .DeploymentMeta.Name }}';
  return lines(
    withValue(name, variable('ISTIO_META_WORKLOAD_NAME', inQuotes(printed('.')))),
    when(
      'and .TypeMeta.APIVersion .DeploymentMeta.Name',
      variable('ISTIO_META_OWNER', `kubernetes://apis/{{ .TypeMeta.APIVersion }}/${place}`),
    ),
  );
}

/** Where the proxy finds a bootstrap file of the user. */
export const BOOTSTRAP_VARIABLES = when(
  hasAnnotation(BOOTSTRAP_OVERRIDE),
  item(env.variable('ISTIO_BOOTSTRAP_OVERRIDE', BOOTSTRAP_PATH)),
);

/** The mesh's identity. */
export const MESH_VARIABLES = lines(
  '{{- $trustDomain := or .MeshConfig.TrustDomain $global.trustDomain }}',
  withValue('(or $global.meshID $trustDomain)', variable('ISTIO_META_MESH_ID', inQuotes(printed('.')))),
  withValue('$trustDomain', variable('TRUST_DOMAIN', inQuotes(printed('.')))),
);

/** Variables of the tracing agent that the pod asks for. */
export const DATADOG_VARIABLES = when(
  `and (eq $proxy.tracer "datadog") ${hasAnnotation(DATADOG_ENV)}`,
  forEach(
    '$name, $value',
    `fromJSON ${annotation(DATADOG_ENV)}`,
    variable(printed('$name'), inQuotes(printed('$value'))),
  ),
);

/** Attributes of the pod for OpenTelemetry, when a provider of the mesh wants them. */
export const OPEN_TELEMETRY_VARIABLES = withValue(
  '(otelResourceAttributes .MeshConfig .ObjectMeta.Annotations .ObjectMeta.Labels .DeploymentMeta.Namespace .Spec.Containers)',
  variable('OTEL_RESOURCE_ATTRIBUTES', inQuotes(printed('.'))),
);

/** The variables that the mesh's or the pod's proxyMetadata names. */
export const METADATA_VARIABLES = forEach(
  '$name, $value',
  '.ProxyConfig.ProxyMetadata',
  variable(printed('$name'), inQuotes(printed('$value'))),
);

/** Tells the agent that the application listens on localhost only. */
export const LOCALHOST_VARIABLES = when(
  'eq .InboundTrafficPolicyMode "localhost"',
  item(env.variable('REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION', 'true')),
);
