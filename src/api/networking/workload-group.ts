import type { z } from 'zod';
import { ADDRESS_REQUIRED } from '../proto/cel-rules.ts';
import { field, map, message, string } from '../proto/message-schema.ts';
import { readinessProbe } from './readiness-probe.ts';
import { workloadEntry } from './workload-entry.ts';

/** Metadata of the entries of a group. */
export const workloadGroupMetadata = message('WorkloadGroupMetadata', () => ({
  labels: field(map(string), 'Labels of each WorkloadEntry.', { maxProperties: 256 }),
  annotations: field(map(string), 'Annotations of each WorkloadEntry.', { maxProperties: 256 }),
}));
export type WorkloadGroupMetadata = z.infer<typeof workloadGroupMetadata>;

/** Template and health check of workloads that register themselves. */
export const workloadGroup = message(
  'WorkloadGroup',
  () => ({
    metadata: field(workloadGroupMetadata, 'Metadata of each WorkloadEntry.'),
    template: field(workloadEntry, 'What each WorkloadEntry is made from; leave out address and labels.', {
      withoutRules: [ADDRESS_REQUIRED],
    }),
    probe: field(readinessProbe, 'Health check of the workloads.'),
  }),
  { required: ['template'] },
);
export type WorkloadGroup = z.infer<typeof workloadGroup>;
