import { ISTIO_KINDS, type IstioKind } from '../../src/api/istio-kinds.ts';
import { SPEC_SCHEMAS } from '../../src/api/istio-specs.ts';
import { NOTHING_LATER, type LaterFields } from '../../src/api/later-fields.ts';
import { istioStatus } from '../../src/api/meta/istio-status.ts';
import { checkStructural } from './check-structural.ts';
import { computeMessageSchema } from './message-crd-schema.ts';
import type { SchemaNode } from './structural-schema.ts';

/** A CustomResourceDefinition, as far as we use it. */
export interface CustomResourceDefinition {
  apiVersion: 'apiextensions.k8s.io/v1';
  kind: 'CustomResourceDefinition';
  metadata: { name: string; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
}

/** The schema of the whole resource, the same in all versions. */
export function istioKindSchema(kind: IstioKind, later: LaterFields = NOTHING_LATER): SchemaNode {
  const status = computeMessageSchema(istioStatus);
  return {
    type: 'object',
    description: kind.description,
    properties: {
      spec: {
        ...computeMessageSchema(SPEC_SCHEMAS[kind.kind], { rules: [], later }),
        description: 'What is asked for.',
      },
      // The control plane also writes fields of its own, such as the addresses of a ServiceEntry.
      status: { ...status, description: 'What was found.', 'x-kubernetes-preserve-unknown-fields': true },
    },
    ...(kind.needsSpec ? { required: ['spec'] } : {}),
  };
}

/** The definition of one of Istio's kinds. Throws when the API server would refuse its schema. */
export function istioDefinition(kind: IstioKind, later?: LaterFields): CustomResourceDefinition {
  const schema = istioKindSchema(kind, later);
  const faults = checkStructural(schema, 'schema');
  if (faults.length > 0) throw new Error(`The schema of ${kind.kind} is not structural:\n${faults.join('\n')}`);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${kind.plural}.${kind.group}`,
      // The kinds outlive the installation, and their objects with them.
      annotations: { 'helm.sh/resource-policy': 'keep' },
    },
    spec: {
      group: kind.group,
      names: {
        categories: ['istio-io', kind.group.replaceAll('.', '-')],
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        ...(kind.shortName ? { shortNames: [kind.shortName] } : {}),
        singular: kind.kind.toLowerCase(),
      },
      scope: 'Namespaced',
      versions: [...kind.versions].sort().map((version) => versionOf(kind, version, schema)),
    },
  };
}

/** The definitions of Istio's own kinds, in a stable order: those of the newest minor, or without what came `later`. */
export function istioDefinitions(later?: LaterFields): CustomResourceDefinition[] {
  return ISTIO_KINDS.map((kind) => istioDefinition(kind, later));
}

function versionOf(kind: IstioKind, version: string, schema: SchemaNode): Record<string, unknown> {
  const columns = kind.columns.map(([name, jsonPath, description]) => ({
    description,
    jsonPath,
    name,
    type: name === 'Age' ? 'date' : 'string',
  }));
  return {
    ...(columns.length > 0 ? { additionalPrinterColumns: columns } : {}),
    name: version,
    schema: { openAPIV3Schema: schema },
    served: true,
    storage: version === kind.versions[0],
    subresources: { status: {} },
  };
}
