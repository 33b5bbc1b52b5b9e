import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { field, list, message } from '../proto/message-schema.ts';
import { accessLogging } from './access-logging.ts';
import { metrics } from './metrics.ts';
import { tracing } from './tracing.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';

export const telemetry = message(
  'Telemetry',
  () => ({
    selector: workloadSelector,
    targetRef: field(policyTargetReference, '', {}, { protoName: 'targetRef' }),
    targetRefs: field(list(policyTargetReference), '', { maxItems: 16 }, { protoName: 'targetRefs' }),
    tracing: list(tracing),
    metrics: list(metrics),
    accessLogging: list(accessLogging),
  }),
  { rules: [atMostOneOf('selector', 'targetRef', 'targetRefs')] },
);
export type Telemetry = z.infer<typeof telemetry>;
