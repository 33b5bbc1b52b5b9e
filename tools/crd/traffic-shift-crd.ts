import { TRAFFIC_SHIFT, trafficShiftSpec, trafficShiftStatus } from '../../src/api/shift/traffic-shift.ts';
import type { CustomResourceDefinition } from './istio-crd.ts';
import { stagedDefinition } from './staged-definition.ts';

const COLUMNS = [
  { name: 'Weight', type: 'integer', jsonPath: '.status.weight', description: 'Percent for the new destination.' },
  { name: 'Target', type: 'integer', jsonPath: '.status.target', description: 'The same by the present step.' },
  { name: 'Owner', type: 'string', jsonPath: '.status.owner.manager', description: 'Who wrote the weights last.' },
];

/** The definition of TrafficShift. Throws when the schema would be refused by the API server. */
export function trafficShiftDefinition(): CustomResourceDefinition {
  return stagedDefinition({
    kind: TRAFFIC_SHIFT,
    columns: COLUMNS,
    description: 'Moves traffic from one destination of a route to another in steps with gates between them.',
    spec: trafficShiftSpec,
    specDescription: 'Which route to shift, where to, and how carefully.',
    status: trafficShiftStatus,
  });
}
