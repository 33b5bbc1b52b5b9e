import type { z } from 'zod';
import { ADDRESS_REQUIRED } from '../proto/cel-rules.ts';
import { field, map, message, string } from '../proto/message-schema.ts';
import { readinessProbe } from './readiness-probe.ts';
import { workloadEntry } from './workload-entry.ts';

export const workloadGroupMetadata = message('WorkloadGroupMetadata', () => ({
  labels: field(map(string), '', { maxProperties: 256 }),
  annotations: field(map(string), '', { maxProperties: 256 }),
}));
export type WorkloadGroupMetadata = z.infer<typeof workloadGroupMetadata>;

export const workloadGroup = message(
  'WorkloadGroup',
  () => ({
    metadata: workloadGroupMetadata,
    template: field(workloadEntry, '', { withoutRules: [ADDRESS_REQUIRED] }),
    probe: readinessProbe,
  }),
  { required: ['template'] },
);
export type WorkloadGroup = z.infer<typeof workloadGroup>;
