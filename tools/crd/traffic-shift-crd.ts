import { TRAFFIC_SHIFT, trafficShiftSpec, trafficShiftStatus } from '../../src/api/shift/traffic-shift.ts';
import type { CustomResourceDefinition } from './istio-crd.ts';
import { ownDefinition } from './own-definition.ts';
import { computeStructuralSchema, type SchemaNode } from './structural-schema.ts';

const COLUMNS = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands.' },
  { name: 'Weight', type: 'integer', jsonPath: '.status.weight', description: 'Percent for the new destination.' },
  { name: 'Target', type: 'integer', jsonPath: '.status.target', description: 'The same by the present step.' },
  { name: 'Owner', type: 'string', jsonPath: '.status.owner.manager', description: 'Who wrote the weights last.' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** The definition of TrafficShift. Throws when the schema would be refused by the API server. */
export function trafficShiftDefinition(): CustomResourceDefinition {
  const { apiVersion, kind } = TRAFFIC_SHIFT;
  const schema: SchemaNode = {
    description: 'Moves traffic from one destination of a route to another in steps with gates between them.',
    type: 'object',
    properties: {
      apiVersion: { type: 'string', description: `Always ${apiVersion}.` },
      kind: { type: 'string', description: `Always ${kind}.` },
      metadata: { type: 'object' },
      spec: {
        ...computeStructuralSchema(trafficShiftSpec, 'closed'),
        description: 'Which route to shift, where to, and how carefully.',
      },
      status: {
        ...computeStructuralSchema(trafficShiftStatus, 'closed'),
        description: 'What the operator found and did.',
      },
    },
  };
  return ownDefinition({ ...TRAFFIC_SHIFT, columns: COLUMNS, hasStatus: true }, schema);
}
