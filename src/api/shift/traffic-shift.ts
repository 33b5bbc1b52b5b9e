import * as z from 'zod';
import { duration, int32, text } from '../field-types.ts';
import { OUR_GROUP } from '../our-names.ts';
import { metricsSpec, onFailureSpec, stagedSpec } from '../staged/staged-spec.ts';
import { stagedStatus } from '../staged/staged-status.ts';

/** How the API names the kind. */
export const TRAFFIC_SHIFT = {
  group: OUR_GROUP,
  version: 'v1alpha1',
  apiVersion: `${OUR_GROUP}/v1alpha1`,
  kind: 'TrafficShift',
  plural: 'trafficshifts',
  singular: 'trafficshift',
} as const;

const shiftStep = z.object({
  weight: int32.describe('Percent of the requests that the new destination gets, from 1 to 100.'),
  soak: duration.optional().describe('How long the gates have to hold at this weight, such as 10m; 5m unless set.'),
  approval: z
    .boolean()
    .optional()
    .describe('Whether it begins only when annotation `sailwright.dev/approve` names its weight.'),
});

/** Which route to shift, where to, and how carefully. */
export const trafficShiftSpec = z.object({
  route: z
    .object({
      kind: z.enum(['VirtualService', 'HTTPRoute']).optional().describe('Its kind; VirtualService unless set.'),
      name: text.describe('Its name; it is in the namespace of the TrafficShift.'),
      rule: text
        .optional()
        .describe('Name of the HTTP route in it; the only one that has the new destination and another, unless set.'),
    })
    .describe('The route, which has two destinations: the new one, and the one that serves until now.'),
  to: z
    .object({
      host: text.describe(
        'Host of the new destination as the route writes it; for an HTTPRoute the name of the Service.',
      ),
      subset: text.optional().describe('Its subset, where the route names one.'),
      port: int32.optional().describe('Its port, where two destinations differ in nothing else.'),
      workload: text
        .optional()
        .describe('Deployment in the same namespace that serves it: it has to run, and its requests are judged.'),
    })
    .describe('The new destination.'),
  steps: z
    .array(shiftStep)
    .meta({ k8s: { listType: 'atomic' } })
    .optional()
    .describe('Weights that rise, one after the other; 1, 5, 10, 50 and 100 unless set.'),
  metrics: metricsSpec.optional().describe('Gates by metrics.'),
  ...stagedSpec.shape,
  onFailure: onFailureSpec
    .optional()
    .describe(
      'What follows a gate that does not hold: `Rollback`, which sets the weights that were there before the first step, or `Pause`. `Rollback` unless set.',
    ),
});
export type TrafficShiftSpec = z.infer<typeof trafficShiftSpec>;

const destinationWeight = z.object({
  destination: text.describe('Host, port and subset.'),
  weight: int32.optional().describe('As the route has it; absent where it has none.'),
});

/** What the operator found and did. */
export const trafficShiftStatus = z.object({
  ...stagedStatus.shape,
  weight: int32.optional().describe('Percent of the requests that the new destination gets now.'),
  target: int32.optional().describe('Percent that it gets by the present step.'),
  before: z
    .array(destinationWeight)
    .meta({ k8s: { listType: 'atomic' } })
    .optional()
    .describe('The weights before the first step: where a way back leads.'),
  owner: z
    .object({
      manager: text.describe('Field manager that wrote the weights last.'),
      since: text.optional().describe('When it wrote them.'),
      advice: text.optional().describe('What to tell a tool that would write them again.'),
    })
    .optional()
    .describe('Who owns the weights.'),
});
export type TrafficShiftStatus = z.infer<typeof trafficShiftStatus>;
