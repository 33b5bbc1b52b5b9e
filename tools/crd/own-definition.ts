import { checkStructural } from './check-structural.ts';
import type { CustomResourceDefinition } from './istio-crd.ts';
import type { SchemaNode } from './structural-schema.ts';

/** How the API names one of our kinds, and what kubectl shows of it. */
export interface OwnKind {
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  shortNames?: readonly string[];
  columns: readonly { name: string; type: string; jsonPath: string; description?: string }[];
  hasStatus: boolean;
}

/** The definition of a namespaced kind of one version. Throws when the API server would refuse the schema. */
export function ownDefinition(own: OwnKind, schema: SchemaNode): CustomResourceDefinition {
  const { group, version, kind, plural, singular, shortNames, columns, hasStatus } = own;
  const faults = checkStructural(schema, 'schema');
  if (faults.length > 0) throw new Error(`The schema of ${kind} is not structural:\n${faults.join('\n')}`);
  const names = { kind, listKind: `${kind}List`, plural, singular };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: shortNames ? { ...names, shortNames: [...shortNames] } : names,
      scope: 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: hasStatus ? asUnseen(schema) : schema },
          ...(hasStatus ? { subresources: { status: {} } } : {}),
        },
      ],
    },
  };
}

/**
 * A new resource says that nobody has looked at it yet: what goes by kstatus, such as Flux and Helm, takes one without any
 * status for one that is as it should be.
 */
function asUnseen(schema: SchemaNode): SchemaNode {
  const { status, ...others } = schema.properties ?? {};
  return { ...schema, properties: { ...others, status: { ...status, default: { observedGeneration: -1 } } } };
}
