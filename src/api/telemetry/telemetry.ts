import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { field, list, message } from '../proto/message-schema.ts';
import { accessLogging } from './access-logging.ts';
import { metrics } from './metrics.ts';
import { tracing } from './tracing.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';

/** Metrics, traces and access logs of workloads. */
export const telemetry = message(
  'Telemetry',
  () => ({
    selector: field(
      workloadSelector,
      'Pods that this is for; all of the namespace when left out, and of the mesh in the root namespace.',
    ),
    targetRef: field(policyTargetReference, 'Use targetRefs.', {}, { protoName: 'targetRef' }),
    targetRefs: field(
      list(policyTargetReference),
      'Gateways or services that this is for, in place of a selector.',
      { maxItems: 16 },
      { protoName: 'targetRefs' },
    ),
    tracing: field(list(tracing), 'How requests are traced.'),
    metrics: field(list(metrics), 'How metrics are reported.'),
    accessLogging: field(list(accessLogging), 'How requests are logged.'),
  }),
  { rules: [atMostOneOf('selector', 'targetRef', 'targetRefs')] },
);
export type Telemetry = z.infer<typeof telemetry>;
