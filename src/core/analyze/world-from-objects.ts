import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { istioKind } from '../../api/istio-kinds.ts';
import { decodeSpec } from '../../api/decode-spec.ts';
import { groupOf, isJsonObject, type JsonObject } from '../kube-object.ts';
import { KIND, kindOf, type Kind } from './kinds.ts';
import type { Origin, Resource } from './resource.ts';

/** An object as it was read, and where. */
export interface ReadObject {
  value: Readonly<Record<string, unknown>>;
  /** The spec of one of Istio's kinds, where it was decoded before. */
  spec?: JsonObject | undefined;
  origin: Origin;
}

/** Kinds whose content stands beside a spec, or that have none. */
const WITHOUT_SPEC: ReadonlySet<Kind> = new Set<Kind>([
  KIND.configMap,
  KIND.secret,
  KIND.mutatingWebhookConfiguration,
  KIND.validatingWebhookConfiguration,
]);

const CLUSTER_SCOPED: ReadonlySet<Kind> = new Set<Kind>([
  KIND.namespace,
  KIND.node,
  KIND.customResourceDefinition,
  KIND.mutatingWebhookConfiguration,
  KIND.validatingWebhookConfiguration,
]);

/** The resource that an object is, or nothing for kinds that analysis does not read. */
export function resourceOf({ value, spec, origin }: ReadObject, defaultNamespace: string): Resource | undefined {
  const { apiVersion, kind: kindName, metadata, status } = value;
  const kind = kindOf(groupOf(String(apiVersion)), String(kindName));
  if (!kind || !isJsonObject(metadata)) return undefined;
  const name = text(metadata.name);
  const namespace = CLUSTER_SCOPED.has(kind) ? '' : text(metadata.namespace) || defaultNamespace;
  return {
    kind,
    name,
    namespace,
    labels: texts(metadata.labels),
    annotations: texts(metadata.annotations),
    spec: spec ?? specOf(kind, value),
    status: isJsonObject(status) ? status : undefined,
    ...(typeof metadata.creationTimestamp === 'string' ? { createdAt: metadata.creationTimestamp } : {}),
    origin,
  };
}

/** Mesh configuration and networks are read from ConfigMaps and files, not from resources of their own. */
export function meshResource(kind: typeof KIND.meshConfig | typeof KIND.meshNetworks, spec: JsonObject): Resource {
  const name = kind === KIND.meshConfig ? 'meshconfig' : 'meshnetworks';
  return { kind, name, namespace: USUAL_NAMESPACE, labels: {}, annotations: {}, spec, status: undefined, origin: {} };
}

function specOf(kind: Kind, value: ReadObject['value']): JsonObject {
  if (WITHOUT_SPEC.has(kind)) return value as JsonObject;
  const spec = isJsonObject(value.spec) ? value.spec : {};
  const [group = '', name = ''] = kind.split('/');
  const istio = istioKind(group, name);
  if (!istio) return spec;
  const decoded = decodeSpec(istio, spec, 'spec');
  // What cannot be read is for validation to tell; analysis goes on with the rest of the world.
  return decoded.ok ? (decoded.value as JsonObject) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
