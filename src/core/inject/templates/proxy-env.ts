import type { IstioTraits } from '../../istio/traits.ts';
import type { Json, JsonObject } from '../../kube-object.ts';
import { goStructJson } from '../go-json.ts';
import { proxyConfigText } from '../proxy-config.ts';
import { equalsText, isTruthy, valuesSection } from './injection-values.ts';
import { otelResourceAttributes } from './otel-resource-attributes.ts';
import { jsonAnnotationEntries } from './json-annotation.ts';
import type { ProxyInput, TemplateInput } from './template-input.ts';
import { goText, plainText, plainTextOrNull, printed, quotedText } from './template-text.ts';

/** Variables for the tracing agent of Datadog, as JSON. */
export const DATADOG_ENV = 'apm.datadoghq.com/env';
/** Where istiod signs certificates. */
export const CA_PORT = 15012;
export const BOOTSTRAP_OVERRIDE = 'sidecar.istio.io/bootstrapOverride';
/** The user's bootstrap file in the proxy's container. */
export const BOOTSTRAP_PATH = '/etc/istio/custom-bootstrap/custom_bootstrap.json';
export const NODE_NAME = fromField('ISTIO_META_NODE_NAME', 'spec.nodeName');
/** Tells Go to use nothing but FIPS 140 modules. */
export const FIPS_ONLY = variable('GODEBUG', 'fips140=only');

/** A variable with a value. */
export function variable(name: string, value: string | null): JsonObject {
  return { name, value };
}

/** A variable that the kubelet fills from a field of the pod. */
export function fromField(name: string, fieldPath: string): JsonObject {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

function fromLimit(name: string, resource: string): JsonObject {
  return { name, valueFrom: { resourceFieldRef: { resource, divisor: '1' } } };
}

/** How the proxy trusts and reaches its certificate authority. */
export function caVariables(input: ProxyInput): JsonObject[] {
  const provider = plainTextOrNull(printed(input.global.pilotCertProvider), 'values.global.pilotCertProvider');
  return [variable('PILOT_CERT_PROVIDER', provider), variable('CA_ADDR', caAddress(input))];
}

function caAddress({ context, global }: ProxyInput): string | null {
  const { caAddress: configured, istioNamespace } = global;
  if (isTruthy(configured)) return plainTextOrNull(goText(configured), 'values.global.caAddress');
  const { revision } = context.values;
  const suffix = equalsText(revision, '', 'revision') ? '' : `-${printed(revision)}`;
  return plainText(`istiod${suffix}.${printed(istioNamespace)}.svc:${CA_PORT}`, 'values.global.istioNamespace');
}

/** Who and where the pod is. */
export function podVariables(): JsonObject[] {
  return [
    fromField('POD_NAME', 'metadata.name'),
    fromField('POD_NAMESPACE', 'metadata.namespace'),
    fromField('INSTANCE_IP', 'status.podIP'),
    fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    fromField('HOST_IP', 'status.hostIP'),
  ];
}

/** The processors that the proxy may use. */
export function cpuLimitVariable(): JsonObject {
  return fromLimit('ISTIO_CPU_LIMIT', 'limits.cpu');
}

/** The proxy's configuration, as JSON text. */
export function configVariable({ context }: ProxyInput): JsonObject {
  return variable('PROXY_CONFIG', `${proxyConfigText(context.proxyConfig)}\n`);
}

/** The ports of the pod, as JSON text. */
export function podPortsVariable({ containers }: TemplateInput): JsonObject {
  return variable('ISTIO_META_POD_PORTS', podPorts(containers));
}

/** A line for each port; the agent reads the whole as one JSON array. */
function podPorts(containers: readonly JsonObject[]): string {
  const lines: string[] = [];
  for (const { ports } of containers) {
    for (const port of Array.isArray(ports) ? ports : []) {
      lines.push(`\n    ${lines.length > 0 ? ',' : ''}${goStructJson(port as JsonObject, 'ContainerPort')}`);
    }
  }
  return `[${lines.join('')}\n]`;
}

/** Names of the application's containers. */
export function appContainersVariable({ appContainers }: TemplateInput): JsonObject {
  return variable('ISTIO_META_APP_CONTAINERS', quotedText(appContainers.join(','), 'container names'));
}

/** Limits for the Go runtime of the agent. */
export function goRuntimeVariables({ tellsGoItsCpu }: IstioTraits): JsonObject[] {
  const memory = fromLimit('GOMEMLIMIT', 'limits.memory');
  return tellsGoItsCpu ? [memory, fromLimit('GOMAXPROCS', 'limits.cpu')] : [memory];
}

/** The compliance policy that istiod runs under. */
export function complianceVariables({ context }: ProxyInput): JsonObject[] {
  const { compliancePolicy, traits } = context;
  if (compliancePolicy === '') return [];
  const policy = variable('COMPLIANCE_POLICY', quotedText(compliancePolicy, 'COMPLIANCE_POLICY'));
  return traits.tellsGoOfFips && compliancePolicy === 'fips-140-3' ? [policy, FIPS_ONLY] : [policy];
}

/** The pod's cluster and node. */
export function clusterVariables({ global }: ProxyInput): JsonObject[] {
  const { clusterName } = valuesSection(global, 'multiCluster', 'global.multiCluster');
  const cluster = quotedText(orDefault(clusterName, 'Kubernetes'), 'values.global.multiCluster.clusterName');
  return [variable('ISTIO_META_CLUSTER_ID', cluster), NODE_NAME];
}

/** The pod's network, when it has one. */
export function networkVariables({ global }: ProxyInput): JsonObject[] {
  if (!isTruthy(global.network)) return [];
  return [variable('ISTIO_META_NETWORK', quotedText(goText(global.network), 'values.global.network'))];
}

/** Name and kind of the workload that owns the pod. */
export function workloadVariables({ context }: TemplateInput, name: string): JsonObject[] {
  const { typeMeta, deploymentMeta } = context;
  const variables: JsonObject[] = [];
  if (name !== '') variables.push(variable('ISTIO_META_WORKLOAD_NAME', quotedText(name, 'name of the workload')));
  if (typeMeta.apiVersion !== '' && deploymentMeta.name !== '') {
    const kind = `${typeMeta.kind.toLowerCase()}s`;
    const place = `namespaces/${deploymentMeta.namespace || 'default'}/${kind}/${deploymentMeta.name}`;
    const owner = plainText(`kubernetes://apis/${typeMeta.apiVersion}/${place}`, 'name of the workload');
    variables.push(variable('ISTIO_META_OWNER', owner));
  }
  return variables;
}

/** Where the proxy finds a bootstrap file of the user. */
export function bootstrapVariables({ annotations }: ProxyInput): JsonObject[] {
  if (annotations[BOOTSTRAP_OVERRIDE] === undefined) return [];
  return [variable('ISTIO_BOOTSTRAP_OVERRIDE', BOOTSTRAP_PATH)];
}

/** The mesh's identity. */
export function meshVariables({ context, global }: ProxyInput): JsonObject[] {
  const { trustDomain: meshDomain } = context.meshConfig;
  const domain = meshDomain === undefined || meshDomain === '' ? global.trustDomain : meshDomain;
  const trustDomain = isTruthy(domain) ? quotedText(goText(domain), 'meshConfig.trustDomain') : '';
  const meshId = isTruthy(global.meshID) ? quotedText(goText(global.meshID), 'values.global.meshID') : trustDomain;
  const variables: JsonObject[] = [];
  if (meshId !== '') variables.push(variable('ISTIO_META_MESH_ID', meshId));
  if (trustDomain !== '') variables.push(variable('TRUST_DOMAIN', trustDomain));
  return variables;
}

/** Variables of the tracing agent that the pod asks for. */
export function datadogVariables({ annotations, proxy }: ProxyInput): JsonObject[] {
  const text = annotations[DATADOG_ENV];
  if (!equalsText(proxy.tracer, 'datadog', 'global.proxy.tracer') || text === undefined) return [];
  return jsonAnnotationEntries(DATADOG_ENV, text).map(([name, value]) =>
    variable(plainText(name, `annotation ${DATADOG_ENV}`), quotedText(goText(value), `annotation ${DATADOG_ENV}`)),
  );
}

/** Attributes of the pod for OpenTelemetry, when a provider of the mesh wants them. */
export function openTelemetryVariables({ context, annotations, labels, containers }: TemplateInput): JsonObject[] {
  const { namespace } = context.deploymentMeta;
  const attributes = otelResourceAttributes(context.meshConfig, { annotations, labels, namespace, containers });
  if (attributes === '') return [];
  return [variable('OTEL_RESOURCE_ATTRIBUTES', quotedText(attributes, 'resource.opentelemetry.io annotations'))];
}

/** The variables that the mesh's or the pod's proxyMetadata names. */
export function metadataVariables({ proxyMetadata }: ProxyInput): JsonObject[] {
  return proxyMetadata.map(([name, value]) => ({
    name: plainTextOrNull(name, 'name in proxyMetadata'),
    value: quotedText(value, `proxyMetadata ${name}`),
  }));
}

/** Tells the agent that the application listens on localhost only. */
export function localhostVariables({ context }: ProxyInput): JsonObject[] {
  if (context.inboundTrafficPolicyMode !== 'localhost') return [];
  return [variable('REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION', 'true')];
}

function orDefault(value: Json | undefined, fallback: string): string {
  return value === undefined || value === null || value === '' ? fallback : goText(value);
}
