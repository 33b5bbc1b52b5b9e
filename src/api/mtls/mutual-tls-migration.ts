import * as z from 'zod';
import { duration, int32, text, textList, textMap } from '../field-types.ts';
import { OUR_GROUP } from '../our-names.ts';
import { metricsSpec, onFailureSpec, stagedSpec } from '../staged/staged-spec.ts';
import { stagedStatus } from '../staged/staged-status.ts';
import { BLOCKING_REASONS } from './reasons.ts';

/** How the API names the kind. */
export const MUTUAL_TLS_MIGRATION = {
  group: OUR_GROUP,
  version: 'v1alpha1',
  apiVersion: `${OUR_GROUP}/v1alpha1`,
  kind: 'MutualTLSMigration',
  plural: 'mutualtlsmigrations',
  singular: 'mutualtlsmigration',
} as const;

/** Its steps, in their order. */
export const MIGRATION_STEPS = ['permissive', 'strict'] as const;

/** What becomes STRICT, and how carefully. */
export const mutualTlsMigrationSpec = z.object({
  mesh: z
    .boolean()
    .optional()
    .describe('The whole mesh in place of the namespace; only in the root namespace of the mesh.'),
  workload: z
    .object({ matchLabels: textMap.describe('Labels of its pods; all of them.') })
    .optional()
    .describe('Pods of the namespace, in place of all.'),
  observe: duration
    .optional()
    .describe('How long callers are watched while plain text is still taken, such as 24h; 24h unless set.'),
  soak: duration.optional().describe('How long STRICT is watched, such as 1h; 1h unless set.'),
  approval: z
    .boolean()
    .optional()
    .describe('Whether STRICT begins only when annotation `sailwright.dev/approve` says `strict`.'),
  accept: z
    .array(z.enum(BLOCKING_REASONS))
    .meta({ k8s: { listType: 'set' } })
    .optional()
    .describe('Findings of the report that do not keep STRICT from beginning; they end as exceptions.'),
  callers: z
    .object({
      query: text
        .optional()
        .describe(
          'PromQL with one series for each caller that sends plain text; by `istio_requests_total` unless set.',
        ),
    })
    .optional()
    .describe('How callers that send plain text are found.'),
  metrics: metricsSpec.optional().describe('Gates by metrics, beside those that are built in.'),
  ...stagedSpec.shape,
  onFailure: onFailureSpec
    .optional()
    .describe(
      'What follows a gate that does not hold: `Rollback`, which sets the mode that was there before, or `Pause`. `Rollback` unless set.',
    ),
});
export type MutualTlsMigrationSpec = z.infer<typeof mutualTlsMigrationSpec>;

const finding = z.object({
  reason: text.describe('One word for programs.'),
  blocks: z.boolean().describe('Whether STRICT does not begin as long as it is there.'),
  count: int32.describe('How many there are.'),
  names: textList.meta({ k8s: { listType: 'atomic' } }).describe('Some of them.'),
  message: text.describe('What it means.'),
});

/** What the operator found and did. */
export const mutualTlsMigrationStatus = z.object({
  ...stagedStatus.shape,
  mode: text.optional().describe('What the policy says now: DISABLE, PERMISSIVE, STRICT, or UNSET.'),
  policy: text.optional().describe('Name of the PeerAuthentication that says it.'),
  before: z
    .object({
      mode: text.describe('What it said before the first step; UNSET where it said nothing.'),
      existed: z.boolean().describe('Whether it was there.'),
    })
    .optional()
    .describe('Where a way back leads.'),
  strictSince: text.optional().describe('When STRICT was set.'),
  owner: text.optional().describe('Field manager that wrote the mode last.'),
  report: z
    .array(finding)
    .meta({ k8s: { listType: 'atomic' } })
    .optional()
    .describe('What STRICT would break, and what remains beside it.'),
});
export type MutualTlsMigrationStatus = z.infer<typeof mutualTlsMigrationStatus>;
