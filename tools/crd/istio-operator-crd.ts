import { ISTIO_OPERATOR } from '../../src/api/install/istio-operator-kind.ts';
import { istioOperatorSpec } from '../../src/api/install/istio-operator.ts';
import { istioOperatorStatus } from '../../src/api/install/istio-operator-status.ts';
import type { CustomResourceDefinition } from './istio-crd.ts';
import { ownDefinition } from './own-definition.ts';
import { computeStructuralSchema, type SchemaNode } from './structural-schema.ts';

const COLUMNS = [
  {
    name: 'Revision',
    type: 'string',
    jsonPath: '.spec.revision',
    description: 'Name of this control plane beside others.',
  },
  { name: 'Status', type: 'string', jsonPath: '.status.status', description: 'State of the whole.' },
  {
    name: 'Ready',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    description: 'Whether everything that was asked for runs.',
  },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** The schema of the whole resource. */
export function istioOperatorSchema(): SchemaNode {
  const { nullable: _specMayNotBeNull, ...spec } = computeStructuralSchema(istioOperatorSpec, 'open');
  return {
    description: 'An Istio control plane with its gateways, installed and kept as the spec says.',
    type: 'object',
    properties: {
      apiVersion: { type: 'string', description: `Always ${ISTIO_OPERATOR.apiVersion}.` },
      kind: { type: 'string', description: `Always ${ISTIO_OPERATOR.kind}.` },
      metadata: { type: 'object' },
      spec: { ...spec, description: 'What is to be installed.' },
      status: {
        ...computeStructuralSchema(istioOperatorStatus, 'closed'),
        description: 'What the operator found and did.',
      },
    },
  };
}

/** The definition of IstioOperator. Throws when the schema would be refused by the API server. */
export function istioOperatorDefinition(): CustomResourceDefinition {
  return ownDefinition({ ...ISTIO_OPERATOR, columns: COLUMNS, hasStatus: true }, istioOperatorSchema());
}
